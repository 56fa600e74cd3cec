//! The generator of records for benchmarks keeps what it promises.

#[path = "../benches/corpus/mod.rs"]
mod corpus;
