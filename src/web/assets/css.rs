//! Many style files in, one stylesheet out.

use std::{borrow::Cow, collections::BTreeMap};

use super::{STYLESHEET, THEME};

type Files = BTreeMap<String, Cow<'static, [u8]>>;

/// Joins `css/` into one file, in the order of the cascade: tokens, base, layout, any other sheet,
/// components by name, print. `css/theme.css` is a file of its own.
pub(super) fn bundle(files: Files) -> Files {
    let (mut sheets, mut others): (Files, Files) =
        files.into_iter().partition(|(name, _)| is_sheet(name));
    if let Some(theme) = sheets.remove("css/theme.css") {
        others.insert(THEME.to_owned(), theme);
    }
    let mut ordered: Vec<_> = sheets.into_iter().collect();
    ordered.sort_by_key(|(name, _)| rank(name)); // stable: by name within a rank
    let mut joined = String::new();
    for (_, sheet) in ordered {
        joined.push_str(&without_comments(&String::from_utf8_lossy(&sheet)));
        joined.push('\n');
    }
    others.insert(STYLESHEET.to_owned(), Cow::Owned(joined.into_bytes()));
    others
}

fn is_sheet(name: &str) -> bool {
    name.starts_with("css/")
        && name
            .rsplit_once('.')
            .is_some_and(|(_, extension)| extension == "css")
}

fn rank(name: &str) -> u8 {
    match name {
        "css/tokens.css" => 0,
        "css/base.css" => 1,
        "css/layout.css" => 2,
        "css/print.css" => 5,
        _ if name.starts_with("css/components/") => 4,
        _ => 3,
    }
}

/// Takes out comments and the white space around lines; strings stay as they are.
fn without_comments(sheet: &str) -> String {
    let mut kept = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some(at) = rest.find(['/', '"', '\'']) {
        let (before, from) = rest.split_at(at);
        kept.push_str(before);
        let length = if from.starts_with("/*") {
            rest = from
                .get(2..)
                .and_then(|inner| inner.split_once("*/"))
                .map_or("", |(_, after)| after);
            continue;
        } else if from.starts_with('/') {
            1
        } else {
            string_length(from)
        };
        let (token, after) = from.split_at(length);
        kept.push_str(token);
        rest = after;
    }
    kept.push_str(rest);
    kept.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Bytes of the string at the beginning, quotes included; a backslash takes the next character along.
fn string_length(from: &str) -> usize {
    let quote = from.chars().next();
    let mut escaped = false;
    for (at, character) in from.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if Some(character) == quote => return at + 1,
            _ => {}
        }
    }
    from.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_and_strings_stay() {
        for (sheet, expected) in [
            (
                "a { b: c; } /* x */\n\n  d { e: f }",
                "a { b: c; }\nd { e: f }",
            ),
            (
                "a::before { content: \"/* no */\"; }",
                "a::before { content: \"/* no */\"; }",
            ),
            (
                r#"a { content: "\"/*"; } /* "open */ b {}"#,
                r#"a { content: "\"/*"; }  b {}"#,
            ),
            (
                "a { grid-area: 1 / 2; } /* never closed",
                "a { grid-area: 1 / 2; }",
            ),
            ("a{b:c}/**/d{e:'*/é'}", "a{b:c}d{e:'*/é'}"),
        ] {
            assert_eq!(without_comments(sheet), expected, "{sheet}");
        }
    }

    #[test]
    fn sheets_stand_in_the_order_of_the_cascade() {
        let names = [
            "css/print.css",
            "css/components/b.css",
            "css/components/a.css",
            "css/base.css",
            "css/tokens.css",
            "css/theme.css",
            "css/layout.css",
        ];
        let files = names
            .iter()
            .map(|name| ((*name).to_owned(), Cow::Owned(name.as_bytes().to_vec())))
            .collect();
        let bundled = bundle(files);
        let joined = String::from_utf8_lossy(&bundled[STYLESHEET]);
        let order: Vec<_> = joined.lines().collect();
        assert_eq!(
            order,
            [
                "css/tokens.css",
                "css/base.css",
                "css/layout.css",
                "css/components/a.css",
                "css/components/b.css",
                "css/print.css"
            ]
        );
        assert_eq!(&*bundled[THEME], b"css/theme.css");
        assert_eq!(bundled.len(), 2);
    }
}
