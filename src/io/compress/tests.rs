use std::io::{self, Read, Write};

use super::write::FRAME;
use super::{Compression, Compressor, decompress};

fn compressed(data: &[u8], compression: Compression) -> Vec<u8> {
    let mut sink = Vec::new();
    let mut compressor = Compressor::new(&mut sink, compression).expect("every compression is in this build");
    compressor.write_all(data).expect("a vector takes everything");
    compressor.finish().expect("a vector takes everything");
    drop(compressor);
    sink
}

fn read_back(bytes: Vec<u8>) -> io::Result<Vec<u8>> {
    let mut got = Vec::new();
    decompress(io::Cursor::new(bytes))?.read_to_end(&mut got)?;
    Ok(got)
}

#[test]
fn members_and_frames_are_read_to_the_last() {
    let large: Vec<u8> = (0..3 * FRAME).map(|index| (index % 251) as u8 ^ (index / 999) as u8).collect();
    for compression in [Compression::None, Compression::Gzip, Compression::Zstd] {
        for data in [&b""[..], b"x", b"Beirut\n", &large] {
            let mut twice = compressed(data, compression);
            twice.extend(compressed(b"Bonn", compression));
            let got = read_back(twice).expect("it was just written");
            assert!(got == [data, b"Bonn"].concat(), "{compression:?}, {} bytes", data.len());
        }
    }
}

#[test]
fn frames_to_skip_are_skipped() {
    let mut bytes = vec![0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3];
    bytes.extend(compressed(b"Bonn", Compression::Zstd));
    assert_eq!(read_back(bytes).expect("a sound file"), b"Bonn");
}

#[test]
fn damage_is_an_error() {
    for compression in [Compression::Gzip, Compression::Zstd] {
        let whole = compressed(&b"all quiet in Bonn ".repeat(50), compression);
        let cut = whole[..whole.len() - 6].to_vec();
        assert!(read_back(cut).is_err(), "{compression:?} cut");
        let mut wrong = whole;
        let last = wrong.len() - 5 + usize::from(compression == Compression::Zstd);
        wrong[last] ^= 0xFF;
        assert!(read_back(wrong).is_err(), "{compression:?} with a wrong checksum");
    }
}
