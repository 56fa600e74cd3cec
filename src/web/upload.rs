//! Forms that carry a file. The whole of it is bounded by the door ([`super::Door::body_limit`]);
//! here its parts are.

use std::collections::BTreeMap;

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};

use super::Error;

/// Parts of a form at most; more is no form of ours.
const MOST_PARTS: usize = 32;
/// Bytes of a text at most.
const LONGEST_TEXT: usize = 4 * 1024;

/// What came of the field for a file. What it says to be is not looked at.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum File {
    /// Nothing was chosen.
    #[default]
    None,
    /// Larger than is taken. It was read to its end, or the browser would not show our answer.
    TooLarge,
    Whole(Vec<u8>),
}

/// A posted form with files (`multipart/form-data`, RFC 7578).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Upload {
    texts: BTreeMap<String, String>,
    /// In the order in which they came, each under the name that its sender gave it.
    pub files: Vec<(String, File)>,
}

impl Upload {
    /// Reads a form each of whose files has `most` bytes at most. Reading is the work of a handler and not
    /// of an extractor: whoever may not send one is to be told first.
    ///
    /// # Errors
    /// [`Error::TooLarge`] beyond what the door takes, [`Error::BadRequest`] for what is no form.
    pub async fn read<S: Send + Sync>(
        request: Request,
        state: &S,
        most: usize,
    ) -> Result<Self, Error> {
        let parts = Multipart::from_request(request, state).await;
        let mut parts = parts.map_err(|_| Error::BadRequest("form"))?;
        let mut upload = Self::default();
        for _ in 0..MOST_PARTS {
            let Some(part) = parts.next_field().await.map_err(|e| broken(&e))? else {
                return Ok(upload);
            };
            if let Some(name) = part.file_name().map(str::to_owned) {
                let file = file(part, most).await?;
                if file != File::None {
                    upload.files.push((name, file));
                }
            } else if let Some(name) = part.name().map(str::to_owned) {
                let text = text(part).await?;
                upload.texts.entry(name).or_insert(text);
            }
        }
        Err(Error::BadRequest("form"))
    }

    /// The first file, for a form that asks one.
    pub fn take_file(&mut self) -> File {
        let files = std::mem::take(&mut self.files);
        files
            .into_iter()
            .next()
            .map_or(File::None, |(_, file)| file)
    }

    /// A text without the white space around it; empty when there is none.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.texts.get(name).map_or("", |text| text.trim())
    }
}

async fn file(mut part: Field<'_>, most: usize) -> Result<File, Error> {
    let mut bytes = Vec::new();
    let mut fits = true;
    while let Some(chunk) = part.chunk().await.map_err(|e| broken(&e))? {
        fits = fits && bytes.len() + chunk.len() <= most;
        if fits {
            bytes.extend_from_slice(&chunk);
        } else {
            bytes = Vec::new();
        }
    }
    Ok(match (fits, bytes.is_empty()) {
        (false, _) => File::TooLarge,
        (true, true) => File::None,
        (true, false) => File::Whole(bytes),
    })
}

async fn text(mut part: Field<'_>) -> Result<String, Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(|e| broken(&e))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LONGEST_TEXT {
            return Err(Error::BadRequest("form"));
        }
    }
    // PostgreSQL keeps no NUL, and no person types one.
    let text = String::from_utf8(bytes).ok();
    let text = text.filter(|text| !text.contains('\0'));
    text.ok_or(Error::BadRequest("form"))
}

fn broken(error: &MultipartError) -> Error {
    match error.status().as_u16() {
        413 => Error::TooLarge,
        _ => Error::BadRequest("form"),
    }
}
