//! The migrations are part of the program: a new folder among them must lead to a new build.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
