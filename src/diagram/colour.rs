//! Colours that sources name, to the nearest tone of the site's palette, so that pictures stay readable in the light
//! and in the dark.

use super::graph::Tone;

/// The tone nearest to a colour as DOT, Mermaid and Structurizr write it: `#rgb`, `#rrggbb`, `#rrggbbaa`, `rgb(1,2,3)`,
/// `hsl(…)`, three numbers (hue, saturation, value), or a name of CSS or X11. `None` for what is no colour.
pub fn tone(colour: &str) -> Option<Tone> {
    let text = colour.trim().to_ascii_lowercase();
    // Gradients and wedges: the first colour.
    let text = text.split([':', ';']).next().unwrap_or("").trim();
    if matches!(text, "none" | "transparent" | "invis" | "") {
        return Some(Tone::Neutral);
    }
    let (hue, saturation, lightness) = hsl(text)?;
    Some(match () {
        () if saturation < 0.12 && !(0.15..0.95).contains(&lightness) => Tone::Neutral,
        () if saturation < 0.12 || !(0.04..=0.985).contains(&lightness) => Tone::Muted,
        () => BANDS.iter().find(|(end, _)| hue < *end).map_or(Tone::Red, |(_, tone)| *tone),
    })
}

/// Where each tone's hues end, in degrees.
const BANDS: [(f64, Tone); 9] = [
    (15.0, Tone::Red),
    (41.0, Tone::Orange),
    (66.0, Tone::Amber),
    (160.0, Tone::Green),
    (192.0, Tone::Teal),
    (252.0, Tone::Blue),
    (292.0, Tone::Violet),
    (344.0, Tone::Pink),
    (361.0, Tone::Red),
];

fn hsl(text: &str) -> Option<(f64, f64, f64)> {
    if let Some(inside) = text.strip_prefix("hsl").and_then(|rest| rest.split(['(', ')']).nth(1)) {
        let parts = numbers(inside)?;
        return Some((parts[0].rem_euclid(360.0), parts[1] / 100.0, parts[2] / 100.0));
    }
    let [red, green, blue] = rgb(text)?;
    let (high, low) = (red.max(green).max(blue), red.min(green).min(blue));
    let (lightness, range) = (f64::midpoint(high, low), high - low);
    if range < 1e-9 {
        return Some((0.0, 0.0, lightness));
    }
    let saturation = range / (1.0 - (2.0 * lightness - 1.0).abs()).max(1e-9);
    let hue = if (high - red).abs() < 1e-9 {
        (green - blue) / range
    } else if (high - green).abs() < 1e-9 {
        (blue - red) / range + 2.0
    } else {
        (red - green) / range + 4.0
    };
    Some(((hue * 60.0).rem_euclid(360.0), saturation, lightness))
}

/// The first three numbers of a list.
fn numbers(text: &str) -> Option<[f64; 3]> {
    let mut parts = text
        .split([',', ' ', '/', '\t'])
        .filter(|part| !part.is_empty())
        .map(|part| part.trim_end_matches(['%', 'd', 'e', 'g']).parse::<f64>());
    let mut next = || parts.next()?.ok().filter(|number| number.is_finite());
    Some([next()?, next()?, next()?])
}

/// Red, green and blue from 0 to 1.
fn rgb(text: &str) -> Option<[f64; 3]> {
    if let Some(hex) = text.strip_prefix('#') {
        let digits: Vec<f64> =
            hex.chars().map(|c| c.to_digit(16).map(f64::from)).collect::<Option<Vec<_>>>()?;
        return match digits.len() {
            3 | 4 => Some([digits[0] / 15.0, digits[1] / 15.0, digits[2] / 15.0]),
            6 | 8 => Some([0, 2, 4].map(|at| (digits[at] * 16.0 + digits[at + 1]) / 255.0)),
            _ => None,
        };
    }
    if let Some(inside) = text.strip_prefix("rgb").and_then(|rest| rest.split(['(', ')']).nth(1)) {
        return Some(numbers(inside)?.map(|part| (part / 255.0).clamp(0.0, 1.0)));
    }
    if text.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        let [hue, saturation, value] = numbers(text)?;
        return Some(from_hsv(hue.rem_euclid(1.0), saturation.clamp(0.0, 1.0), value.clamp(0.0, 1.0)));
    }
    // `/scheme/name` and X11's numbered shades (`gray75`, `steelblue3`).
    let name = text.rsplit('/').next().unwrap_or(text);
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let found = NAMES.binary_search_by(|(other, _)| (*other).cmp(stem)).ok()?;
    let value = NAMES[found].1;
    let part = |shift: u32| f64::from((value >> shift) & 0xff) / 255.0;
    Some([part(16), part(8), part(0)])
}

fn from_hsv(hue: f64, saturation: f64, value: f64) -> [f64; 3] {
    // The usual closed form: f(n) = v - v s max(0, min(k, 4 - k, 1)), k = (n + 6 h) mod 6.
    [5.0, 3.0, 1.0].map(|n: f64| {
        let k = (n + hue * 6.0).rem_euclid(6.0);
        value - value * saturation * k.min(4.0 - k).clamp(0.0, 1.0)
    })
}

/// Names of CSS, and those of X11 that diagrams use, sorted.
const NAMES: &[(&str, u32)] = &[
    ("aliceblue", 0x00f0_f8ff),
    ("antiquewhite", 0x00fa_ebd7),
    ("aqua", 0x0000_ffff),
    ("aquamarine", 0x007f_ffd4),
    ("azure", 0x00f0_ffff),
    ("beige", 0x00f5_f5dc),
    ("bisque", 0x00ff_e4c4),
    ("black", 0x0000_0000),
    ("blanchedalmond", 0x00ff_ebcd),
    ("blue", 0x0000_00ff),
    ("blueviolet", 0x008a_2be2),
    ("brown", 0x00a5_2a2a),
    ("burlywood", 0x00de_b887),
    ("cadetblue", 0x005f_9ea0),
    ("chartreuse", 0x007f_ff00),
    ("chocolate", 0x00d2_691e),
    ("coral", 0x00ff_7f50),
    ("cornflowerblue", 0x0064_95ed),
    ("cornsilk", 0x00ff_f8dc),
    ("crimson", 0x00dc_143c),
    ("cyan", 0x0000_ffff),
    ("darkblue", 0x0000_008b),
    ("darkcyan", 0x0000_8b8b),
    ("darkgoldenrod", 0x00b8_860b),
    ("darkgray", 0x00a9_a9a9),
    ("darkgreen", 0x0000_6400),
    ("darkgrey", 0x00a9_a9a9),
    ("darkkhaki", 0x00bd_b76b),
    ("darkmagenta", 0x008b_008b),
    ("darkolivegreen", 0x0055_6b2f),
    ("darkorange", 0x00ff_8c00),
    ("darkorchid", 0x0099_32cc),
    ("darkred", 0x008b_0000),
    ("darksalmon", 0x00e9_967a),
    ("darkseagreen", 0x008f_bc8f),
    ("darkslateblue", 0x0048_3d8b),
    ("darkslategray", 0x002f_4f4f),
    ("darkslategrey", 0x002f_4f4f),
    ("darkturquoise", 0x0000_ced1),
    ("darkviolet", 0x0094_00d3),
    ("deeppink", 0x00ff_1493),
    ("deepskyblue", 0x0000_bfff),
    ("dimgray", 0x0069_6969),
    ("dimgrey", 0x0069_6969),
    ("dodgerblue", 0x001e_90ff),
    ("firebrick", 0x00b2_2222),
    ("floralwhite", 0x00ff_faf0),
    ("forestgreen", 0x0022_8b22),
    ("fuchsia", 0x00ff_00ff),
    ("gainsboro", 0x00dc_dcdc),
    ("ghostwhite", 0x00f8_f8ff),
    ("gold", 0x00ff_d700),
    ("goldenrod", 0x00da_a520),
    ("gray", 0x0080_8080),
    ("green", 0x0000_8000),
    ("greenyellow", 0x00ad_ff2f),
    ("grey", 0x0080_8080),
    ("honeydew", 0x00f0_fff0),
    ("hotpink", 0x00ff_69b4),
    ("indianred", 0x00cd_5c5c),
    ("indigo", 0x004b_0082),
    ("ivory", 0x00ff_fff0),
    ("khaki", 0x00f0_e68c),
    ("lavender", 0x00e6_e6fa),
    ("lavenderblush", 0x00ff_f0f5),
    ("lawngreen", 0x007c_fc00),
    ("lemonchiffon", 0x00ff_facd),
    ("lightblue", 0x00ad_d8e6),
    ("lightcoral", 0x00f0_8080),
    ("lightcyan", 0x00e0_ffff),
    ("lightgoldenrod", 0x00ee_dd82),
    ("lightgoldenrodyellow", 0x00fa_fad2),
    ("lightgray", 0x00d3_d3d3),
    ("lightgreen", 0x0090_ee90),
    ("lightgrey", 0x00d3_d3d3),
    ("lightpink", 0x00ff_b6c1),
    ("lightsalmon", 0x00ff_a07a),
    ("lightseagreen", 0x0020_b2aa),
    ("lightskyblue", 0x0087_cefa),
    ("lightslateblue", 0x0084_70ff),
    ("lightslategray", 0x0077_8899),
    ("lightslategrey", 0x0077_8899),
    ("lightsteelblue", 0x00b0_c4de),
    ("lightyellow", 0x00ff_ffe0),
    ("lime", 0x0000_ff00),
    ("limegreen", 0x0032_cd32),
    ("linen", 0x00fa_f0e6),
    ("magenta", 0x00ff_00ff),
    ("maroon", 0x0080_0000),
    ("mediumaquamarine", 0x0066_cdaa),
    ("mediumblue", 0x0000_00cd),
    ("mediumorchid", 0x00ba_55d3),
    ("mediumpurple", 0x0093_70db),
    ("mediumseagreen", 0x003c_b371),
    ("mediumslateblue", 0x007b_68ee),
    ("mediumspringgreen", 0x0000_fa9a),
    ("mediumturquoise", 0x0048_d1cc),
    ("mediumvioletred", 0x00c7_1585),
    ("midnightblue", 0x0019_1970),
    ("mintcream", 0x00f5_fffa),
    ("mistyrose", 0x00ff_e4e1),
    ("moccasin", 0x00ff_e4b5),
    ("navajowhite", 0x00ff_dead),
    ("navy", 0x0000_0080),
    ("navyblue", 0x0000_0080),
    ("oldlace", 0x00fd_f5e6),
    ("olive", 0x0080_8000),
    ("olivedrab", 0x006b_8e23),
    ("orange", 0x00ff_a500),
    ("orangered", 0x00ff_4500),
    ("orchid", 0x00da_70d6),
    ("palegoldenrod", 0x00ee_e8aa),
    ("palegreen", 0x0098_fb98),
    ("paleturquoise", 0x00af_eeee),
    ("palevioletred", 0x00db_7093),
    ("papayawhip", 0x00ff_efd5),
    ("peachpuff", 0x00ff_dab9),
    ("peru", 0x00cd_853f),
    ("pink", 0x00ff_c0cb),
    ("plum", 0x00dd_a0dd),
    ("powderblue", 0x00b0_e0e6),
    ("purple", 0x0080_0080),
    ("rebeccapurple", 0x0066_3399),
    ("red", 0x00ff_0000),
    ("rosybrown", 0x00bc_8f8f),
    ("royalblue", 0x0041_69e1),
    ("saddlebrown", 0x008b_4513),
    ("salmon", 0x00fa_8072),
    ("sandybrown", 0x00f4_a460),
    ("seagreen", 0x002e_8b57),
    ("seashell", 0x00ff_f5ee),
    ("sienna", 0x00a0_522d),
    ("silver", 0x00c0_c0c0),
    ("skyblue", 0x0087_ceeb),
    ("slateblue", 0x006a_5acd),
    ("slategray", 0x0070_8090),
    ("slategrey", 0x0070_8090),
    ("snow", 0x00ff_fafa),
    ("springgreen", 0x0000_ff7f),
    ("steelblue", 0x0046_82b4),
    ("tan", 0x00d2_b48c),
    ("teal", 0x0000_8080),
    ("thistle", 0x00d8_bfd8),
    ("tomato", 0x00ff_6347),
    ("turquoise", 0x0040_e0d0),
    ("violet", 0x00ee_82ee),
    ("violetred", 0x00d0_2090),
    ("wheat", 0x00f5_deb3),
    ("white", 0x00ff_ffff),
    ("whitesmoke", 0x00f5_f5f5),
    ("yellow", 0x00ff_ff00),
    ("yellowgreen", 0x009a_cd32),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_of_every_spelling_have_a_tone() {
        for (colour, wanted) in [
            ("#1168bd", Tone::Blue),
            ("#f00", Tone::Red),
            ("lightblue", Tone::Blue),
            ("Orange", Tone::Orange),
            ("gray75", Tone::Muted),
            ("white", Tone::Neutral),
            ("black", Tone::Neutral),
            ("0.35 0.6 0.8", Tone::Green),
            ("rgb(20, 160, 150)", Tone::Teal),
            ("hsl(270, 60%, 50%)", Tone::Violet),
            ("/x11/steelblue3", Tone::Blue),
            ("red:blue", Tone::Red),
        ] {
            assert_eq!(tone(colour), Some(wanted), "{colour}");
        }
        assert_eq!(tone("dreary"), None);
        assert!(NAMES.is_sorted());
    }
}
