//! Prints links that ask for much, one per line, for tests of what the page does with them: so many of them, or `all`.

#[path = "../tests/bounds/links.rs"]
mod links;

fn main() {
    let wanted = std::env::args().nth(1);
    let links = match wanted.as_deref() {
        Some("all") => links::all(),
        count => links::some(count.and_then(|count| count.parse().ok()).unwrap_or(16)),
    };
    links.iter().for_each(|link| println!("{link}"));
}
