//! What every test stands on.
//!
//! - `server`: one private PostgreSQL for the run, template databases, a clone per test
//! - `portal`: a portal around such a clone, its keeper turned by hand
//! - `page`: an answer, read by selector
//! - `builders`: records in the words of the domain
//! - `growth`: a map far larger than that of Deventer
//! - `staff`: somebody at a desk, signed in or not
//! - `program`: the real binary, with a data directory of its own

pub mod builders;
#[allow(dead_code, reason = "for the benchmarks")]
pub mod growth;
pub mod openid;
pub mod page;
pub mod portal;
pub mod program;
pub mod server;
pub mod staff;

use std::future::Future;
use std::sync::LazyLock;

use tokio::runtime::Runtime;

/// One runtime for all tests: connections belong to the runtime that made them, and the portal
/// with the Deventer set is shared.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// Runs a test to its end.
pub fn run<T>(test: impl Future<Output = T>) -> T {
    RUNTIME.block_on(test)
}

/// Says on the terminal that a test could not look: the runner keeps what `println` says.
pub fn skipped(why: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
}
