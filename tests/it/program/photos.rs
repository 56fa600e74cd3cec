//! Photos that are made to exhaust memory, on the program itself.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use image::ImageEncoder;
use image::codecs::png::PngEncoder;

use super::kills::sign_in;
use crate::support::program::House;
use crate::support::staff::with_file;

const PATH: &str = "/beheer/organisaties/voedselbank-deventer/foto";

/// Sends a photo; the status, or `None` when the door was shut before all was sent.
fn send(address: SocketAddr, cookie: &str, bytes: &[u8]) -> Option<u16> {
    let fields = [("versie", "1"), ("beschrijving", "Een vlak")];
    let (kind, body) = with_file(&fields, ("a.png", "image/png", bytes));
    let mut stream = TcpStream::connect(address).unwrap();
    let patience = Some(Duration::from_mins(1));
    stream.set_read_timeout(patience).unwrap();
    stream.set_write_timeout(patience).unwrap();
    let head = format!(
        "POST {PATH} HTTP/1.1\r\nhost: wijzer.test\r\norigin: http://wijzer.test\r\ncookie: wijzer={cookie}\r\n\
         content-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    // Who is refused by what they announce need not be heard.
    let _ = stream.write_all(&body);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    answer.split(' ').nth(1)?.parse().ok()
}

/// One colour, eight or sixteen bits: hardly anything in the file, a great deal in memory.
fn plain(side: u32, sixteen: bool) -> Vec<u8> {
    let (kind, bytes) = if sixteen {
        (image::ExtendedColorType::Rgb16, 6)
    } else {
        (image::ExtendedColorType::Rgb8, 3)
    };
    let mut png = Vec::new();
    PngEncoder::new(&mut png)
        .write_image(&vec![0; (side * side * bytes) as usize], side, side, kind)
        .unwrap();
    png
}

#[test]
fn memory_is_bounded_whatever_is_sent() {
    let house = House::furnished();
    let mut program = house.start(&[]);
    let cookie = sign_in(&house, &program);
    let address = program.address;
    let before = program.peak_memory();
    let (bomb, largest) = (plain(7000, false), plain(5000, true));
    let noise = vec![0xff; 30 * 1024 * 1024];
    let answers: Vec<Option<u16>> = std::thread::scope(|scope| {
        let mut senders = Vec::new();
        for _ in 0..3 {
            for bytes in [&bomb, &largest, &noise] {
                let cookie = &cookie;
                senders.push(scope.spawn(move || send(address, cookie, bytes)));
            }
        }
        senders.into_iter().map(|s| s.join().unwrap()).collect()
    });
    for answer in answers.chunks(3) {
        assert_eq!(answer[0], Some(422), "a bomb");
        assert!(matches!(answer[1], Some(303)), "a photo: {answers:?}");
        assert!(
            matches!(answer[2], Some(413) | None),
            "too much: {answers:?}"
        );
    }
    let more = program.peak_memory() - before;
    assert!((50..400).contains(&more), "{more} MB more");
    println!("{before} MB before, {more} MB more at the most");
    let page = program.ask("/readyz").unwrap();
    assert_eq!(page.status, 200);
    assert!(program.terminate().success());
}
