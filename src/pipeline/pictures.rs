//! How large pictures are.

use crate::base::RelPath;
use crate::model::{Page, Site, Target};
use crate::world::World;

/// Bytes of a picture that are read for its size; a photograph's preview image may stand before it.
const HEADER: usize = 256 << 10;

/// Measures the pictures that a page shows and that are not known yet.
pub(super) fn measure(world: &dyn World, site: &mut Site, page: usize) {
    let new: Vec<RelPath> = site.pages.get(page).map(|page| shown(page, site)).unwrap_or_default();
    for path in new {
        let file = site.src().join(path.as_str()).ok();
        let head = file.and_then(|file| world.head(&file, HEADER).ok());
        if let Some(size) = head.and_then(|head| size(path.extension(), &head)) {
            site.image_sizes.insert(path, size);
        }
    }
}

fn shown(page: &Page, site: &Site) -> Vec<RelPath> {
    let links = page.doc.facts.links.iter().zip(&page.targets);
    let pictures = links.filter_map(|(link, target)| match target {
        Target::File(path) if link.kind == crate::markdown::LinkKind::Image => Some(path),
        _ => None,
    });
    pictures.filter(|path| !site.image_sizes.contains_key(*path)).cloned().collect()
}

/// Width and height in pixels.
fn size(extension: Option<&str>, head: &[u8]) -> Option<(u32, u32)> {
    if extension == Some("svg") {
        return drawn(&String::from_utf8_lossy(head));
    }
    let size = imagesize::blob_size(head).ok()?;
    Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?))
        .filter(|(w, h)| *w > 0 && *h > 0)
}

/// An SVG's own width and height, or its view box.
fn drawn(text: &str) -> Option<(u32, u32)> {
    let tag = &text[text.find("<svg")?..];
    let tag = &tag[..tag.find('>')?];
    let value = |name: &str| {
        let rest = tag.split(&format!(" {name}=")).nth(1)?;
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        rest[1..].split(quote).next()
    };
    let pixels = |text: &str| -> Option<u32> {
        let number: f64 = text.trim().trim_end_matches("px").parse().ok()?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be in range")]
        (1.0..100_000.0).contains(&number).then(|| number.round() as u32)
    };
    if let (Some(width), Some(height)) = (value("width").and_then(pixels), value("height").and_then(pixels)) {
        return Some((width, height));
    }
    let mut sides = value("viewBox")?.split([' ', ',']).filter(|part| !part.is_empty()).skip(2);
    Some((pixels(sides.next()?)?, pixels(sides.next()?)?))
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn a_drawing_says_its_size_or_its_view_box() {
        let svg = |text: &str| size(Some("svg"), text.as_bytes());
        assert_eq!(svg("<?xml?><svg width='640px' height=\"480\" viewBox='0 0 1 1'>"), Some((640, 480)));
        assert_eq!(svg("<svg xmlns='x' viewBox=\"0 0 120.4 60\"><g/>"), Some((120, 60)));
        assert_eq!(svg("<svg width=\"100%\" height=\"100%\">"), None);
        assert_eq!(svg("no picture"), None);
        assert_eq!(size(Some("png"), b"\x89PNG\r\n"), None);
    }
}
