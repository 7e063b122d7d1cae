//! How wide words are: shaped with a font that travels in the binary, so that a picture is the same on every machine.
//!
//! The font has the widths of Liberation Sans, which are those of Arial and Helvetica; pictures name those families, and
//! carry each line's width (`textLength`) for readers that have none of them.

use harfrust::{Buffer, Font, ShapeOptions, ShaperFont, shape};
use std::sync::LazyLock;

/// How heavy letters are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// For running text.
    #[default]
    Regular,
    /// For names.
    Bold,
}

/// The families a picture asks for, those of the same widths first.
pub const FAMILIES: &str = "Liberation Sans,Arimo,Arial,Helvetica,sans-serif";

/// The height of the letters above the baseline, as a share of the size: ascender of the font.
pub const ASCENT: f64 = 0.905;

/// The distance of baselines, as a share of the size.
pub const LINE: f64 = 1.25;

static REGULAR: LazyLock<Option<Font>> =
    LazyLock::new(|| Font::new(include_bytes!("fonts/Regular.ttf").as_slice(), 0));
static BOLD: LazyLock<Option<Font>> =
    LazyLock::new(|| Font::new(include_bytes!("fonts/Bold.ttf").as_slice(), 0));

/// The width of a line of text in pixels at `size` pixels.
pub fn width(text: &str, size: f64, weight: Weight) -> f64 {
    if text.is_empty() {
        return 0.0;
    }
    let guessed = || text.chars().map(|c| guess(c) * size).sum();
    let font = match weight {
        Weight::Regular => &*REGULAR,
        Weight::Bold => &*BOLD,
    };
    let Some(font) = font else { return guessed() };
    let mut buffer = Buffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    if shape(&ShaperFont::new(font), &mut buffer, ShapeOptions::new()).is_err() {
        return guessed();
    }
    let unit = size / f64::from(font.units_per_em());
    let glyphs = buffer.glyph_infos().iter().zip(buffer.glyph_positions());
    glyphs
        .map(|(info, position)| {
            // Glyph 0 is the font's box for letters it lacks.
            let missing = info.glyph_id == 0;
            let letter = text.get(info.cluster as usize..).and_then(|rest| rest.chars().next());
            if missing { letter.map_or(0.0, guess) * size } else { f64::from(position.x_advance) * unit }
        })
        .sum()
}

/// The width of a letter that the font lacks, as a share of the size: wide scripts fill the square.
fn guess(c: char) -> f64 {
    match u32::from(c) {
        0x0300..=0x036f | 0x200b..=0x200f | 0xfe00..=0xfe0f | 0x1f3fb..=0x1f3ff => 0.0,
        0x1100..=0x115f
        | 0x2e80..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xff00..=0xff60
        | 0x20000..=0x3ffff => 1.0,
        0x2600..=0x27bf | 0x1f000..=0x1faff => 1.25,
        _ => 0.6,
    }
}

/// Breaks a line at blanks so that none is wider than `widest`, where words allow it.
pub fn wrap(text: &str, size: f64, weight: Weight, widest: f64) -> Vec<String> {
    if width(text, size, weight) <= widest {
        return vec![text.to_owned()];
    }
    let blank = width(" ", size, weight);
    let (mut out, mut line, mut used) = (Vec::new(), String::new(), 0.0);
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let wide = width(word, size, weight);
        if !line.is_empty() && used + blank + wide > widest {
            out.push(std::mem::take(&mut line));
            used = 0.0;
        }
        if !line.is_empty() {
            line.push(' ');
            used += blank;
        }
        line.push_str(word);
        used += wide;
    }
    out.push(line);
    out
}
