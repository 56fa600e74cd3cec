//! A CSV file as rows of cells, each with the number that a spreadsheet gives it.

use super::Fault;

/// A larger file is not one of ours; reading it could exhaust memory.
pub const MAX_FILE: u64 = 64 * 1024 * 1024;

/// A row that is not empty.
pub struct Line {
    /// As a spreadsheet numbers it, from 1.
    pub number: u64,
    pub cells: csv::StringRecord,
}

/// The rows of a file that are not empty; or why it is no table.
///
/// # Errors
/// When it is too large, no text, or no CSV.
pub fn read(file: &'static str, bytes: Vec<u8>) -> Result<Vec<Line>, Fault> {
    let text = as_text(file, bytes)?;
    let (text, delimiter, skipped) = announced(&text);
    let fault = |number, message: String| Fault {
        file,
        line: number,
        column: String::new(),
        message,
    };
    let numbers = numbers(text, delimiter).map_err(|row| {
        fault(
            row + skipped,
            "een aanhalingsteken wordt niet gesloten".to_owned(),
        )
    })?;
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .delimiter(delimiter as u8)
        .from_reader(text.as_bytes());
    let mut lines = Vec::new();
    for (record, number) in reader.records().zip(numbers) {
        let number = number + skipped;
        let cells = record.map_err(|error| fault(number, error.to_string()))?;
        if cells.iter().any(|cell| !cell.trim().is_empty()) {
            lines.push(Line { number, cells });
        }
    }
    Ok(lines)
}

/// A file as text, without the mark of UTF-8 and with line ends of one kind.
///
/// # Errors
/// Why it is none.
pub fn as_text(file: &'static str, bytes: Vec<u8>) -> Result<String, Fault> {
    if bytes.len() as u64 > MAX_FILE {
        return Err(Fault::of_file(file, "groter dan 64 MB"));
    }
    // A workbook is an archive; text has no zeros.
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(Fault::of_file(
            file,
            "dit is een werkmap van een rekenblad: bewaar hem als “CSV UTF-8”",
        ));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let upto = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        Fault {
            file,
            line: upto.split(|b| *b == b'\n').count() as u64,
            column: String::new(),
            message: "letters met een accent zijn niet te lezen (geen UTF-8): kies in Excel bij Opslaan als “CSV UTF-8”".to_owned(),
        }
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// The text after a line that only announces what stands between cells (`sep=;`), that sign, and
/// the number of lines that were passed.
fn announced(text: &str) -> (&str, char, u64) {
    if let Some(rest) = text.strip_prefix("sep=")
        && let Some((sign, rest)) = rest.split_once('\n')
        && let Some(sign) =
            delimiters().find(|known| sign.trim_end_matches(' ').starts_with(*known))
    {
        return (rest, sign, 1);
    }
    let header = text.lines().find(|line| !line.trim().is_empty());
    let header = header.unwrap_or_default();
    // No column has one of them in its name.
    let count = |sign: &char| header.matches(*sign).count();
    let most = delimiters().rev().max_by_key(count).unwrap_or(',');
    (text, most, 0)
}

/// A spreadsheet in Dutch writes semicolons between the cells; tabs come with copy and paste.
fn delimiters() -> impl DoubleEndedIterator<Item = char> {
    [',', ';', '\t'].into_iter()
}

/// The number of each row with something in it. A cell of several lines is in one row, and rows
/// without anything count.
///
/// # Errors
/// The row in which a quotation mark is never closed.
fn numbers(text: &str, delimiter: char) -> Result<Vec<u64>, u64> {
    let mut numbers = Vec::new();
    let (mut row, mut empty, mut begins, mut quoted) = (1, true, true, false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            // Two of them stand for one.
            '"' if quoted => quoted = letters.next_if_eq(&'"').is_some(),
            _ if quoted => {}
            '\n' => {
                if !empty {
                    numbers.push(row);
                }
                row += 1;
                (empty, begins) = (true, true);
            }
            _ => {
                quoted = letter == '"' && begins;
                begins = letter == delimiter;
                empty = false;
            }
        }
    }
    if quoted {
        return Err(row);
    }
    if !empty {
        numbers.push(row);
    }
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(u64, Vec<String>)> {
        let lines = read("themes.csv", text.as_bytes().to_vec()).unwrap_or_else(|f| panic!("{f}"));
        let cells = |line: Line| line.cells.iter().map(str::to_owned).collect();
        lines
            .into_iter()
            .map(|line| (line.number, cells(line)))
            .collect()
    }

    #[test]
    fn rows_have_the_numbers_of_a_spreadsheet_whatever_ends_a_line() {
        let text = "\n\na,b\n1,\"x\ny\"\n,\n\n2,5\" breed\n3,\"zeg \"\"ja\"\"\"";
        let expected = [
            (3, ["a", "b"]),
            (4, ["1", "x\ny"]),
            (7, ["2", "5\" breed"]),
            (8, ["3", "zeg \"ja\""]),
        ];
        let expected = expected.map(|(number, cells)| (number, cells.map(str::to_owned).to_vec()));
        for ends in ["\n", "\r\n", "\r"] {
            assert_eq!(told(&text.replace('\n', ends)), expected, "{ends:?}");
        }
    }

    #[test]
    fn what_stands_between_cells_is_found_out() {
        for text in [
            "a,b\n1,x",
            "a;b\n1;x",
            "a\tb\n1\tx",
            "\u{feff}a;b\r\n1;x\r\n",
        ] {
            let cells: Vec<_> = told(text).into_iter().map(|line| line.1).collect();
            assert_eq!(cells, [["a", "b"], ["1", "x"]], "{text:?}");
        }
        assert_eq!(
            told("sep=;\na;b\n1;x")[1],
            (3, vec!["1".to_owned(), "x".to_owned()])
        );
        assert_eq!(told(""), []);
        assert_eq!(told("\u{feff}\n \n;;\n"), []);
    }

    #[test]
    fn what_is_no_table_is_told() {
        let fault = |bytes: &[u8]| match read("themes.csv", bytes.to_vec()) {
            Err(fault) => fault.to_string(),
            Ok(_) => panic!("no fault"),
        };
        assert!(fault(b"PK\x03\x04\x14").contains("werkmap"));
        assert!(
            fault(b"a,b\nCaf\xe9,x").starts_with("themes.csv, regel 2: letters met een accent")
        );
        assert_eq!(
            fault(b"a,b\r\n1,x\r\n2,\"open\r\n3,z\r\n"),
            "themes.csv, regel 3: een aanhalingsteken wordt niet gesloten"
        );
    }
}
