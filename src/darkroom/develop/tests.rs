use image::ExtendedColorType;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{ImageEncoder, RgbaImage};

use super::*;

/// Red above, blue below.
fn two_halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |_, y| {
        if y < height / 2 {
            Rgb([200, 30, 30])
        } else {
            Rgb([30, 30, 200])
        }
    })
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
    picture.write_with_encoder(encoder).unwrap();
    bytes
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = two_halves(width, height);
    PngEncoder::new(&mut bytes)
        .write_image(&picture, width, height, ExtendedColorType::Rgb8)
        .unwrap();
    bytes
}

/// A JPEG with EXIF: orientation, a place in the north and a text (Exif 2.32, 4.6).
fn with_exif(jpeg: &[u8], orientation: u8, text: &str) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08\0\x03".to_vec();
    let long = u32::try_from(text.len()).unwrap().to_be_bytes();
    // Description, at 50; orientation; the directory of GPS, behind the text.
    tiff.extend(b"\x01\x0e\0\x02");
    tiff.extend(long);
    tiff.extend(50_u32.to_be_bytes());
    tiff.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    let gps = 50 + u32::try_from(text.len()).unwrap();
    tiff.extend(b"\x88\x25\0\x04\0\0\0\x01");
    tiff.extend(gps.to_be_bytes());
    tiff.extend([0; 4]);
    tiff.extend(text.as_bytes());
    tiff.extend(b"\0\x01\0\x01\0\x02\0\0\0\x02N\0\0\0\0\0\0\0");
    let length = u16::try_from(tiff.len() + 8).unwrap().to_be_bytes();
    [
        &jpeg[..2],
        b"\xff\xe1",
        &length,
        b"Exif\0\0",
        &tiff,
        &jpeg[2..],
    ]
    .concat()
}

fn read_back(print: &Print) -> RgbImage {
    image::load_from_memory(&print.jpeg).unwrap().to_rgb8()
}

fn sizes(prints: &[Print]) -> Vec<(u32, u32)> {
    prints.iter().map(|p| (p.width, p.height)).collect()
}

fn holds(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

#[test]
fn a_picture_is_made_in_sizes_and_never_larger() {
    let wide = develop(&jpeg(&two_halves(2000, 1000))).unwrap();
    assert_eq!(
        sizes(&wide),
        [(320, 160), (640, 320), (960, 480), (1280, 640)]
    );
    for print in &wide {
        assert_eq!(read_back(print).dimensions(), (print.width, print.height));
    }
    let small = develop(&png(500, 400)).unwrap();
    assert_eq!(sizes(&small), [(320, 256), (500, 400)]);
    let tall = develop(&png(1000, 4000)).unwrap();
    assert_eq!(sizes(&tall), [(320, 1280), (400, 1600)]);
    let exact = develop(&png(320, 320)).unwrap();
    assert_eq!(sizes(&exact), [(320, 320)]);
    let mut webp = Vec::new();
    let picture = two_halves(400, 300);
    WebPEncoder::new_lossless(&mut webp)
        .encode(&picture, 400, 300, ExtendedColorType::Rgb8)
        .unwrap();
    assert_eq!(sizes(&develop(&webp).unwrap()), [(320, 240), (400, 300)]);
}

#[test]
fn it_stands_upright_and_nothing_else_of_the_file_goes_on() {
    let plain = jpeg(&two_halves(400, 300));
    let secret = "Kerkstraat 12 <script>alert(1)</script>";
    let mut file = with_exif(&plain, 6, secret);
    // It is there, or the rest proves nothing.
    assert!(holds(&file, secret.as_bytes()) && holds(&file, b"Exif"));
    file.extend(b"<html><script>alert(document.domain)</script>PK\x03\x04");
    let prints = develop(&file).unwrap();
    assert_eq!(sizes(&prints), [(300, 400)], "turned a quarter");
    let upright = read_back(&prints[0]);
    let (left, right) = (upright.get_pixel(40, 200), upright.get_pixel(260, 200));
    // What was above is to the right now (TIFF 6.0: row 0 is the right side).
    assert!(right[0] > 150 && right[2] < 90, "{right:?}");
    assert!(left[2] > 150 && left[0] < 90, "{left:?}");
    for print in &prints {
        for trace in [
            &b"Exif"[..],
            b"script",
            b"Kerkstraat",
            b"html",
            b"PK\x03",
            b"http",
        ] {
            assert!(!holds(&print.jpeg, trace));
        }
        assert!(
            print.jpeg.ends_with(&[0xff, 0xd9]),
            "nothing behind its end"
        );
    }
    for orientation in [0, 1, 9, 255] {
        let odd = develop(&with_exif(&plain, orientation, "x")).unwrap();
        assert_eq!(sizes(&odd), [(320, 240), (400, 300)], "{orientation}");
    }
}

#[test]
fn what_can_be_seen_through_is_white() {
    let mut bytes = Vec::new();
    let glass = RgbaImage::from_pixel(200, 200, Rgba([0, 0, 0, 0]));
    PngEncoder::new(&mut bytes)
        .write_image(&glass, 200, 200, ExtendedColorType::Rgba8)
        .unwrap();
    let prints = develop(&bytes).unwrap();
    assert!(read_back(&prints[0]).get_pixel(100, 100)[0] > 250);
}

/// A PNG that says it is of some size, with hardly anything in it.
fn claiming(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png(200, 200);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

/// As PNG has it (third edition, annex D).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xedb8_8320 * (sum & 1))
        })
    })
}

#[test]
fn bombs_are_refused_before_they_are_opened() {
    assert!(develop(&claiming(200, 200)).is_ok(), "the sum is right");
    for (width, height) in [
        (50_000, 50_000),
        (16_385, 1),
        (6000, 6000),
        (1 << 31, 1 << 31),
    ] {
        let begun = std::time::Instant::now();
        let fault = develop(&claiming(width, height)).unwrap_err();
        assert!(
            matches!(fault, Fault::TooManyPixels | Fault::Damaged),
            "{width} by {height}: {fault}"
        );
        assert!(begun.elapsed().as_millis() < 200, "{width} by {height}");
    }
    assert_eq!(
        develop(&claiming(50_000, 50_000)),
        Err(Fault::TooManyPixels)
    );
    // A JPEG: its frame says so.
    let mut huge = jpeg(&two_halves(200, 200));
    let frame = huge.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
    for side in [6000_u16, 16_000, 65_500] {
        let side = side.to_be_bytes();
        huge[frame + 5..frame + 9].copy_from_slice(&[side, side].concat());
        assert_eq!(develop(&huge), Err(Fault::TooManyPixels));
    }
    // A lossless WebP of 16,383 by 16,383 (RFC 9649, 3.4).
    let mut webp = b"RIFF\x16\0\0\0WEBPVP8L\x0a\0\0\0\x2f\xfe\xbf\xff\x0f".to_vec();
    webp.extend([0; 5]);
    assert_eq!(develop(&webp), Err(Fault::TooManyPixels));
}

#[test]
fn what_is_no_picture_is_told_from_what_is_damaged() {
    let whole = jpeg(&two_halves(600, 400));
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let page = b"<!doctype html><script>alert(1)</script>";
    for (bytes, fault) in [
        (&svg[..], Fault::NoPicture),
        (page, Fault::NoPicture),
        (b"GIF89a\x01\0\x01\0\0\0\0;", Fault::NoPicture),
        (b"BM\0\0\0\0", Fault::NoPicture),
        (b"\0\0\0\x18ftypheic\0\0\0\0", Fault::NoPicture),
        (b"%PDF-1.7", Fault::NoPicture),
        (b"x", Fault::NoPicture),
        (b"", Fault::NoPicture),
        (&whole[..whole.len() / 2], Fault::Damaged),
        (&whole[..40], Fault::Damaged),
        (
            &with_exif(&whole, 1, "x")[..whole.len() / 2],
            Fault::Damaged,
        ),
        (&png(400, 400)[..200], Fault::Damaged),
        (b"\x89PNG\r\n\x1a\n", Fault::Damaged),
        (b"RIFF\xff\xff\xff\xffWEBPVP8 ", Fault::Damaged),
        (&png(159, 400), Fault::TooSmall),
        (&png(8000, 200), Fault::TooSmall),
        (&vec![0xff; MOST_BYTES + 1], Fault::TooLarge),
    ] {
        assert_eq!(
            develop(bytes).map(|_| ()),
            Err(fault),
            "{:?}",
            &bytes[..bytes.len().min(12)]
        );
    }
}

/// Bytes that were changed anywhere give a picture or a fault, and never a panic.
#[test]
fn damage_anywhere_is_survived() {
    let mut webp = Vec::new();
    let picture = two_halves(200, 180);
    WebPEncoder::new_lossless(&mut webp)
        .encode(&picture, 200, 180, ExtendedColorType::Rgb8)
        .unwrap();
    for whole in [jpeg(&picture), png(200, 180), webp] {
        for at in (0..whole.len()).step_by(whole.len() / 150 + 1) {
            for value in [0, 0xff] {
                let mut damaged = whole.clone();
                damaged[at] = value;
                if let Ok(prints) = develop(&damaged) {
                    assert!(!prints.is_empty());
                }
            }
        }
    }
}
