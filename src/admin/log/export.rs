//! The log as a file for a spreadsheet, for administrators.

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono_tz::Europe::Amsterdam;
use futures_util::stream;

use super::{Asked, subject_word, what, who};
use crate::access::Right;
use crate::admin::guard::SignedIn;
use crate::admin::office::Office;
use crate::audit::{self, Entry};
use crate::interchange;
use crate::web::{Error, Query};

/// Lines that are read at once; between two readings no connection is held.
const AT_ONCE: usize = 1000;
/// A row and its column names. When it was, as Amsterdam's clock said.
const HEADING: [&str; 7] = [
    "nummer",
    "moment",
    "wie",
    "wat",
    "soort",
    "adres",
    "handeling",
];

/// The lines that the filters of the page choose, the newest first, as a table for a
/// spreadsheet. It goes out while it is read, so the log may be of any length; when the database
/// leaves halfway the answer breaks off, and the browser says that the file is not whole. What the
/// records held is not in it: that is on their own pages, for who may see it.
pub async fn download(
    State(office): State<Office>,
    signed_in: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    signed_in.holding(Right::ExportLog)?;
    // The first lines before the answer begins: who cannot read hears so.
    let first = read(&office, &asked, None).await?;
    let day = office.clock.today();
    let heading = table(std::iter::once(HEADING.map(str::to_owned)))?;
    let begin = Bytes::from([interchange::SPREADSHEET_MARK, &heading[..]].concat());
    let rest = stream::try_unfold(Some(first), move |batch| {
        let (office, asked) = (office.clone(), asked.clone());
        async move {
            let Some(entries) = batch else {
                return Ok::<_, Error>(None);
            };
            let next = match entries.last().filter(|_| entries.len() == AT_ONCE) {
                Some(last) => Some(read(&office, &asked, Some(last.id)).await?),
                None => None,
            };
            Ok(Some((Bytes::from(table(entries.iter().map(cells))?), next)))
        }
    });
    let whole = stream::StreamExt::chain(stream::iter([Ok(begin)]), rest);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"logboek-{day}.csv\""),
        ),
    ];
    Ok((headers, Body::from_stream(whole)).into_response())
}

async fn read(office: &Office, asked: &Asked, before: Option<i64>) -> Result<Vec<Entry>, Error> {
    let mut conn = office.connection().await?;
    let only = audit::Selection {
        before,
        ..asked.selection()
    };
    let most = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
    Ok(audit::latest(&mut conn, only, most).await?)
}

fn cells(entry: &Entry) -> [String; 7] {
    let at = entry.at.with_timezone(&Amsterdam);
    [
        entry.id.to_string(),
        at.format("%Y-%m-%d %H:%M:%S").to_string(),
        who(entry),
        what(&entry.act).to_owned(),
        subject_word(&entry.subject).to_owned(),
        entry.key.clone(),
        entry.act.clone(),
    ]
}

/// Rows as they stand in the file.
fn table(rows: impl Iterator<Item = [String; 7]>) -> Result<Vec<u8>, Error> {
    interchange::spreadsheet(rows).map_err(|error| Error::Internal(error.into()))
}
