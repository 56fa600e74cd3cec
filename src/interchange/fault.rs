use std::fmt;

/// What is wrong in a table, and where.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Fault {
    /// Empty when it is of no table.
    pub file: &'static str,
    /// Row as a spreadsheet numbers it, from 1; 0 when the fault is of the file as a whole.
    pub line: u64,
    /// Name of the column; empty when the fault is of the whole line.
    pub column: String,
    pub message: String,
}

impl Fault {
    pub fn of_file(file: &'static str, message: impl Into<String>) -> Self {
        Self {
            file,
            line: 0,
            column: String::new(),
            message: message.into(),
        }
    }
}

/// That a row names another that is in no table and not in the database.
#[must_use]
pub fn not_there(key: &str, table: &str) -> String {
    format!("“{key}” staat niet in {table}")
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.file.is_empty() {
            return f.write_str(&self.message);
        }
        f.write_str(self.file)?;
        if self.line > 0 {
            write!(f, ", regel {}", self.line)?;
        }
        if !self.column.is_empty() {
            write!(f, ", kolom {}", self.column)?;
        }
        write!(f, ": {}", self.message)
    }
}
