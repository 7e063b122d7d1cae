//! What a page and a book must hold: front matter, headings, chapters.

pub(super) mod code_language;
pub(super) mod collision;
pub(super) mod duplicate_id;
pub(super) mod empty_page;
pub(super) mod footnote;
pub(super) mod front_matter;
pub(super) mod heading_level;
pub(super) mod internal_page;
pub(super) mod missing_chapter;
pub(super) mod next_page;
pub(super) mod placeholder;
pub(super) mod raw_html;
pub(super) mod required_field;
pub(super) mod required_heading;
pub(super) mod reserved_name;
pub(super) mod summary;
pub(super) mod suppression;
pub(super) mod unlisted_page;
pub(super) mod unreachable_page;
pub(super) mod unreadable_page;

use super::check::Check;
use super::settings::Settings;
use super::{Context, Evidence};
use crate::diag::{Group, Severity, code};

/// What a page and a book must hold. It is known with the pages.
pub struct Structure;

impl Evidence for Structure {
    const NAME: &'static str = "structure";
    const CHECKS: &'static [&'static Check] = &[
        &duplicate_id::CHECK,
        &missing_chapter::CHECK,
        &summary::CHECK,
        &front_matter::CHECK,
        &required_field::CHECK,
        &required_heading::CHECK,
        &unreadable_page::CHECK,
        &collision::CHECK,
        &internal_page::CHECK,
        &next_page::CHECK,
        &unlisted_page::CHECK,
        &unreachable_page::CHECK,
        &empty_page::CHECK,
        &raw_html::CHECK,
        &code_language::CHECK,
        &footnote::CHECK,
        &reserved_name::CHECK,
        &Check::seen::<Settings>(
            code::FOREIGN_COMMAND,
            Group::Suspect,
            "book.toml names a command, which is not started",
            include_str!("foreign-command.md"),
            "src/config/read.rs",
        )
        .severity(Severity::Note),
        &suppression::CHECK,
        &heading_level::CHECK,
        &placeholder::CHECK,
    ];

    fn read(_: &Context<'_>) -> Self {
        Self
    }
}
