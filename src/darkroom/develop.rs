//! From a file to JPEG in our sizes. What could exhaust memory is bounded before it is read.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, Rgb, RgbImage, Rgba,
};

use super::{MOST_BYTES, WIDTHS};

/// Pixels at most: every telephone's own setting stays below it.
const MOST_PIXELS: u64 = 25_000_000;
/// A side at most, in pixels.
const LONGEST_SIDE: u32 = 16_384;
/// Bytes of the picture as it is decoded, at most.
const MOST_MEMORY: u64 = 160 * 1024 * 1024;
/// A side at least, in pixels, of what a page shows.
const SHORTEST_SIDE: u32 = 160;
/// The height of a picture on a page at most, in pixels.
const HIGHEST: u32 = 1600;
/// Sides are brought to this first: averaging is quick and needs no room beside the picture.
const ROUGHLY: u32 = 2 * HIGHEST;
/// Of 100; from here on a photograph on a page looks no better.
const QUALITY: u8 = 80;

/// One size of a picture.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Print {
    pub width: u32,
    pub height: u32,
    pub jpeg: Vec<u8>,
}

/// Why a file became no picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Fault {
    #[error("larger than {MOST_BYTES} bytes")]
    TooLarge,
    #[error("not a JPEG, PNG or WebP")]
    NoPicture,
    #[error("more than {MOST_PIXELS} pixels, or a side longer than {LONGEST_SIDE}")]
    TooManyPixels,
    #[error("a side shorter than {SHORTEST_SIDE} pixels")]
    TooSmall,
    #[error("broken off or damaged")]
    Damaged,
}

impl From<ImageError> for Fault {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Unsupported(_) => Self::NoPicture,
            ImageError::Limits(_) => Self::TooManyPixels,
            _ => Self::Damaged,
        }
    }
}

/// The picture upright, on white, as JPEG in [`WIDTHS`] up to its own, the smallest first. What
/// kind of file it is, is read from its content. Takes a second or so for 25 million pixels.
///
/// # Errors
/// [`Fault`].
pub fn develop(bytes: &[u8]) -> Result<Vec<Print>, Fault> {
    if bytes.len() > MOST_BYTES {
        return Err(Fault::TooLarge);
    }
    let picture = DynamicImage::ImageRgb8(flat(&read(bytes)?));
    let (width, height) = within((picture.width(), picture.height()));
    if width.min(height) < SHORTEST_SIDE {
        return Err(Fault::TooSmall);
    }
    let widths = WIDTHS.into_iter().filter(|smaller| *smaller < width);
    widths
        .chain([width])
        .map(|to| print(&picture, to, scaled(height, to, width)))
        .collect()
}

/// The picture, upright and of a size that can be worked on.
fn read(bytes: &[u8]) -> Result<DynamicImage, Fault> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let mut reader = reader.map_err(|_| Fault::Damaged)?;
    if reader.format() == Some(ImageFormat::Jpeg) && is_broken_off(bytes) {
        return Err(Fault::Damaged);
    }
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MOST_PIXELS || decoder.total_bytes() > MOST_MEMORY {
        return Err(Fault::TooManyPixels);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder)?;
    if width.max(height) > ROUGHLY {
        picture = picture.thumbnail(ROUGHLY, ROUGHLY);
    }
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// A JPEG without an end behind its last scan: the decoder would fill in grey. Within a scan these
/// bytes do not occur (ITU T.81, F.1.2.3).
fn is_broken_off(bytes: &[u8]) -> bool {
    let last = |marker: u8| bytes.windows(2).rposition(|two| two == [0xff, marker]);
    last(0xd9) < last(0xda)
}

/// What can be seen through becomes white.
fn flat(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let (seen, mut flat) = (
        picture.to_rgba8(),
        RgbImage::new(picture.width(), picture.height()),
    );
    for (to, Rgba([red, green, blue, alpha])) in flat.pixels_mut().zip(seen.pixels()) {
        let over = |colour: &u8| {
            let (colour, alpha) = (u32::from(*colour), u32::from(*alpha));
            u8::try_from((colour * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
        };
        *to = Rgb([over(red), over(green), over(blue)]);
    }
    flat
}

/// The largest size, within the widest and the highest; never larger than it is.
fn within((width, height): (u32, u32)) -> (u32, u32) {
    let to = width.min(WIDTHS[WIDTHS.len() - 1]);
    let high = scaled(height, to, width);
    if high <= HIGHEST {
        (to, high)
    } else {
        (scaled(width, HIGHEST, height), HIGHEST)
    }
}

/// `length` times `to` over `from`, at least one.
fn scaled(length: u32, to: u32, from: u32) -> u32 {
    let (length, to, from) = (u64::from(length), u64::from(to), u64::from(from));
    let scaled = (length * to + from / 2) / from.max(1);
    u32::try_from(scaled.max(1)).unwrap_or(u32::MAX)
}

fn print(picture: &DynamicImage, width: u32, height: u32) -> Result<Print, Fault> {
    let resized;
    let sized = if (picture.width(), picture.height()) == (width, height) {
        picture
    } else {
        resized = picture.resize_exact(width, height, FilterType::CatmullRom);
        &resized
    };
    let mut jpeg = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut jpeg, QUALITY);
    sized.write_with_encoder(encoder)?;
    Ok(Print {
        width,
        height,
        jpeg,
    })
}

#[cfg(test)]
mod tests;
