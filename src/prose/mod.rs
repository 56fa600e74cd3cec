//! Texts that editors write: Markdown (CommonMark) of which paragraphs, lists, bold, italic and
//! links count. Whatever else is written there is text: nothing is lost, and no HTML passes.

mod numbers;
#[cfg(test)]
mod tests;

pub use numbers::{Piece, pieces};

use pulldown_cmark::{
    CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, TextMergeStream, html::push_html,
};

use crate::base::contact::{Email, Phone, WebAddress};

/// Lists within lists, further than any text goes; what lies deeper stands in the last of them.
const DEEPEST: usize = 4;

/// The text as HTML, safe to put on a page as it is: `p`, `ul`, `ol` with `start`, `li`, `strong`,
/// `em`, `br`, and `a` with `href`. Links lead to `https`, `http`, `mailto` and `tel`; telephone
/// numbers are links, so that who reads it on a phone can call at once.
#[must_use]
pub fn html(text: &str) -> String {
    let text = &without_nul(text);
    let mut sieve = Sieve::default();
    let mut html = String::with_capacity(text.len() + text.len() / 4);
    push_html(
        &mut html,
        events(text).flat_map(|event| sieve.let_through(event)),
    );
    html
}

/// The text without its marks, for where it is cut, searched or read by a program: each
/// paragraph and each item of a list on a line of its own.
#[must_use]
pub fn plain(text: &str) -> String {
    let text = &without_nul(text);
    let mut plain = String::with_capacity(text.len());
    for event in events(text) {
        match event {
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                plain.push_str(&text);
            }
            Event::SoftBreak | Event::HardBreak => plain.push('\n'),
            Event::Start(tag) if is_block(&tag) && !plain.is_empty() && !plain.ends_with('\n') => {
                plain.push('\n');
            }
            _ => {}
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// As CommonMark says (2.3); the parser leaves it in.
fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// No tables, footnotes or other extensions.
fn events(text: &str) -> impl Iterator<Item = Event<'_>> {
    TextMergeStream::new(Parser::new_ext(text, Options::empty()))
}

fn is_block(tag: &Tag<'_>) -> bool {
    !matches!(
        tag,
        Tag::Emphasis | Tag::Strong | Tag::Link { .. } | Tag::Image { .. }
    )
}

/// Lets through what may stand on a page.
#[derive(Default)]
struct Sieve {
    /// Of each tag that is open: what closes it on the page, `None` where it did not pass.
    open: Vec<Option<TagEnd>>,
    lists: usize,
    in_link: bool,
}

impl Sieve {
    fn let_through<'a>(&mut self, event: Event<'a>) -> Vec<Event<'a>> {
        match event {
            Event::Start(tag) => {
                let apart = tag == Tag::Item;
                let tag = self.passing(tag);
                self.open.push(tag.as_ref().map(Tag::to_end));
                let start = tag.map(Event::Start);
                start
                    .or(apart.then_some(Event::SoftBreak))
                    .into_iter()
                    .collect()
            }
            Event::End(_) => {
                let end = self.open.pop().flatten();
                match end {
                    Some(TagEnd::List(_)) => self.lists -= 1,
                    Some(TagEnd::Link) => self.in_link = false,
                    _ => {}
                }
                end.map(Event::End).into_iter().collect()
            }
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                if self.in_link {
                    vec![Event::Text(text)]
                } else {
                    with_numbers(&text)
                }
            }
            Event::SoftBreak | Event::HardBreak => vec![event],
            // A line across the page; and what the extensions would give, which are off.
            _ => Vec::new(),
        }
    }

    /// The tag as it may stand on a page.
    fn passing<'a>(&mut self, tag: Tag<'a>) -> Option<Tag<'a>> {
        match tag {
            Tag::Paragraph | Tag::Strong | Tag::Emphasis => Some(tag),
            // Its text is a paragraph like others.
            Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::HtmlBlock => Some(Tag::Paragraph),
            Tag::List(_) if self.lists < DEEPEST => {
                self.lists += 1;
                Some(tag)
            }
            // In the list that it belongs to: not where that one lies too deep.
            Tag::Item => matches!(self.open.last(), Some(Some(TagEnd::List(_)))).then_some(tag),
            Tag::Link {
                link_type,
                dest_url,
                ..
            } if !self.in_link => {
                let address = match link_type {
                    LinkType::Email => format!("mailto:{dest_url}"),
                    _ => dest_url.into_string(),
                };
                let link = link(address_of(&address)?);
                self.in_link = true;
                Some(link)
            }
            _ => None,
        }
    }
}

fn link<'a>(address: String) -> Tag<'a> {
    Tag::Link {
        link_type: LinkType::Inline,
        dest_url: address.into(),
        title: CowStr::Borrowed(""),
        id: CowStr::Borrowed(""),
    }
}

/// Where a link leads, when it may lead there.
fn address_of(written: &str) -> Option<String> {
    let (scheme, rest) = written.trim().split_once(':')?;
    match scheme.to_ascii_lowercase().as_str() {
        // An escape could stand for what an address may not hold.
        "mailto" if !rest.contains('%') => Some(format!("mailto:{}", Email::parse(rest).ok()?)),
        "tel" => Some(format!("tel:{}", Phone::parse(rest).ok()?.dial())),
        _ => WebAddress::parse(written).ok().map(String::from),
    }
}

fn with_numbers<'a>(text: &str) -> Vec<Event<'a>> {
    let mut events = Vec::new();
    for piece in numbers::pieces(text) {
        let words = Event::Text(piece.text.into());
        match piece.dial {
            Some(dial) => events.extend([
                Event::Start(link(format!("tel:{dial}"))),
                words,
                Event::End(TagEnd::Link),
            ]),
            None => events.push(words),
        }
    }
    events
}
