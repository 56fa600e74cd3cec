//! The photo on the page of a record, and its sizes.

use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use tokio::time::timeout;

use super::links;
use super::page::Site;
use super::portal::Portal;
use crate::catalogue::pictures::{Shown, SizeName, store};
use crate::web::{Error, Segment, assets};

/// As long as a page waits for a database that hangs.
const PATIENCE: Duration = Duration::from_millis(1500);

/// A photo as a page shows it.
pub struct Photo {
    /// For a browser that does not choose.
    pub src: String,
    pub srcset: String,
    /// Of the largest size, in pixels.
    pub width: u32,
    pub height: u32,
    pub alt: String,
}

impl From<&Shown> for Photo {
    fn from(shown: &Shown) -> Self {
        let sizes = shown.sizes();
        let srcset: Vec<String> = sizes
            .iter()
            .map(|size| format!("{} {}w", links::photo(size), size.width))
            .collect();
        Self {
            src: sizes.last().map(links::photo).unwrap_or_default(),
            srcset: srcset.join(", "),
            width: shown.width,
            height: shown.height,
            alt: shown.alt.clone(),
        }
    }
}

/// The whole address of the largest size, for machines.
pub fn address(site: &Site, shown: Option<&Shown>) -> Option<String> {
    let largest = shown?.sizes().pop()?;
    Some(format!("{}{}", site.base_url, links::photo(&largest)))
}

/// One size of a photo. The photo of what is not public is not there.
pub async fn show(
    State(portal): State<Portal>,
    Segment(name): Segment<SizeName>,
    asked: HeaderMap,
) -> Result<Response, Error> {
    let found = async {
        let mut conn = portal.connection().await?;
        Ok::<_, Error>(store::public(&mut conn, &name).await?)
    };
    let found = timeout(PATIENCE, found).await;
    let jpeg = found.map_err(|_| Error::DatabaseAway)??;
    let jpeg = jpeg.ok_or(Error::NotFound)?;
    Ok(assets::for_ever(&asked, "image/jpeg", jpeg.into()))
}
