//! Colours: each a CSS variable with a light and a dark value to fall back on.

use crate::diagram::graph::Tone;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Paint {
    /// The inside of a box.
    Fill(Tone),
    /// Its border, and lines of its tone.
    Line(Tone),
    /// Letters.
    Text,
    /// Quiet letters.
    Dim,
    /// Edges.
    Edge,
    /// What lies behind the picture.
    Ground,
}

/// Name, then fill and line in the light, then in the dark. Letters on each fill have a contrast of at least 7 : 1, lines
/// on the page of at least 3 : 1 (a test counts).
const TONES: [(Tone, &str, [&str; 4]); 10] = [
    (Tone::Neutral, "neutral", ["#ffffff", "#667085", "#1e232c", "#8b96a8"]),
    (Tone::Muted, "muted", ["#eff1f5", "#7a8496", "#272d37", "#818c9e"]),
    (Tone::Blue, "blue", ["#e8f1fd", "#2f6fbf", "#16293f", "#6aa5ee"]),
    (Tone::Teal, "teal", ["#e1f5f4", "#14817e", "#10302f", "#4fbdb8"]),
    (Tone::Green, "green", ["#e7f6ea", "#2b8142", "#15301d", "#66c07f"]),
    (Tone::Amber, "amber", ["#fdf5d8", "#8f6c00", "#332b0e", "#d6b13f"]),
    (Tone::Orange, "orange", ["#fdeee0", "#b4590a", "#38240f", "#eb9a51"]),
    (Tone::Red, "red", ["#fdeaea", "#c0393b", "#3b1a1c", "#f08a8a"]),
    (Tone::Pink, "pink", ["#fcebf4", "#b93a7f", "#381a2b", "#ea86b8"]),
    (Tone::Violet, "violet", ["#f1ecfc", "#7150c0", "#271f3f", "#ab91ee"]),
];

impl Paint {
    /// The variable's name behind `--dg-`, the light and the dark value.
    pub(super) fn values(self) -> (String, &'static str, &'static str) {
        let of = |tone: Tone| TONES.iter().find(|(other, ..)| *other == tone).unwrap_or(&TONES[0]);
        match self {
            Self::Fill(tone) => {
                let (_, name, values) = of(tone);
                ((*name).to_owned(), values[0], values[2])
            }
            Self::Line(tone) => {
                let (_, name, values) = of(tone);
                (format!("{name}-line"), values[1], values[3])
            }
            Self::Text => ("text".into(), "#1d2129", "#e4e8ef"),
            Self::Dim => ("dim".into(), "#505a69", "#a9b3c1"),
            Self::Edge => ("edge".into(), "#5a6577", "#98a3b4"),
            Self::Ground => ("ground".into(), "#ffffff", "#14171c"),
        }
    }
}

/// How colours are written.
#[derive(Clone, Debug)]
pub(super) enum Palette {
    /// For a page whose `color-scheme` decides.
    Inline,
    /// For a file of its own: plain light values, and classes for a style block, which are collected here.
    Alone(BTreeSet<(&'static str, Paint)>),
}

impl Palette {
    /// ` fill="…"` or ` stroke="…"`.
    pub(super) fn attributes(&mut self, pairs: &[(&'static str, Paint)]) -> String {
        let mut out = String::new();
        match self {
            Self::Inline => {
                for (property, paint) in pairs {
                    let (name, light, dark) = paint.values();
                    let _ = write!(out, " {property}=\"var(--dg-{name},light-dark({light},{dark}))\"");
                }
            }
            Self::Alone(used) => {
                let mut classes = Vec::new();
                for (property, paint) in pairs {
                    let (name, light, _) = paint.values();
                    let _ = write!(out, " {property}=\"{light}\"");
                    classes.push(format!("{}-{name}", &property[..1]));
                    used.insert((property, *paint));
                }
                let _ = write!(out, " class=\"{}\"", classes.join(" "));
            }
        }
        out
    }

    /// The style block of a file of its own.
    pub(super) fn style(&self) -> String {
        let Self::Alone(used) = self else { return String::new() };
        let (mut light, mut dark) = (String::new(), String::new());
        for (property, paint) in used {
            let (name, one, other) = paint.values();
            let class = format!(".{}-{name}", &property[..1]);
            let _ = write!(light, "{class}{{{property}:var(--dg-{name},{one})}}");
            let _ = write!(dark, "{class}{{{property}:var(--dg-{name},{other})}}");
        }
        format!(
            "<style>:root{{color-scheme:light dark}}{light}@media(prefers-color-scheme:dark){{{dark}}}</style>"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(hex: &str) -> f64 {
        let part = |at: usize| {
            let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn letters_and_lines_stand_out_in_the_light_and_in_the_dark() {
        let grounds = Paint::Ground.values();
        for (tone, name, _) in TONES {
            let (fill, text, dim) = (Paint::Fill(tone).values(), Paint::Text.values(), Paint::Dim.values());
            let line = Paint::Line(tone).values();
            for (letters, least) in [(&text, 7.0), (&dim, 4.5)] {
                assert!(contrast(fill.1, letters.1) >= least, "{name} in the light");
                assert!(contrast(fill.2, letters.2) >= least, "{name} in the dark");
            }
            assert!(
                contrast(line.1, grounds.1) >= 3.0 && contrast(line.2, grounds.2) >= 3.0,
                "{name}'s line"
            );
        }
    }
}
