//! Rebuilds when something changes that a macro reads but the compiler does not see.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=static");
    println!("cargo:rerun-if-changed=data/language");
}
