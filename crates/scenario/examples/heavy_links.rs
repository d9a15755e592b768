//! Prints links that ask for much, one per line, for tests of what the page does with them: so many of them, `all`, or
//! `drawn:` and how many that nobody chose.

#[path = "../tests/bounds/drawn.rs"]
mod drawn;
#[path = "../tests/bounds/links.rs"]
mod links;

fn main() {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let number = |text: &str| text.parse().unwrap_or(16);
    let links = match (wanted.as_str(), wanted.strip_prefix("drawn:")) {
        ("all", _) => links::all(),
        (_, Some(count)) => drawn::drawn(number(count)),
        (count, None) => links::some(number(count)),
    };
    links.iter().for_each(|link| println!("{link}"));
}
