//! Prints the digest of each link on standard input, at the end of its run: one line `LINK DIGEST EVENTS` per link.
//!
//! The page's tests compare these with what WebAssembly says.

use std::io;

use scenario::Run;
use sim::SimTime;

fn main() -> io::Result<()> {
    for link in io::stdin().lines() {
        let link = link?;
        let (mut run, problems) = Run::open(&link);
        assert!(problems.is_empty(), "{link}: {problems:?}");
        run.seek(SimTime::NEVER);
        println!(
            "{link} {} {}",
            run.timeline().digest(),
            run.timeline().events().len()
        );
    }
    Ok(())
}
