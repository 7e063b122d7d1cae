//! Sequence pictures: who says what to whom, in order.

pub mod geometry;
pub mod place;

use super::graph::{Facts, Head, Line};

/// A sequence picture, before anybody places it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sequence {
    /// What the picture is called.
    pub title: Option<String>,
    /// What it shows.
    pub description: Option<String>,
    /// Who takes part, from left to right.
    pub actors: Vec<Actor>,
    /// Frames around neighbouring participants.
    pub boxes: Vec<Frame>,
    /// What happens, from top to bottom.
    pub items: Vec<Item>,
}

/// How a participant looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Look {
    /// A box.
    #[default]
    Box,
    /// A figure of a person.
    Person,
    /// A drum.
    Database,
    /// A drum on its side.
    Queue,
    /// Boxes behind each other.
    Collections,
    /// A circle with a bar at its left: where a system meets its surroundings.
    Boundary,
    /// A circle with an arrow: what steers.
    Control,
    /// A circle on a line: what is kept.
    Entity,
}

/// One participant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Actor {
    /// Unique in the picture.
    pub id: String,
    /// What stands in it, line by line.
    pub label: Vec<String>,
    /// How it looks.
    pub look: Look,
    /// The frame that holds it.
    pub frame: Option<usize>,
    /// More places it leads to: words and address.
    pub links: Vec<(String, String)>,
    /// Everything else.
    pub facts: Facts,
}

/// A frame around neighbouring participants.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    /// Its heading, line by line.
    pub label: Vec<String>,
    /// Everything else.
    pub facts: Facts,
}

/// One thing that happens.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// One says something to another, or to itself.
    Message(Message),
    /// Words beside or across lifelines.
    Note(Note),
    /// A participant begins to work.
    Activate(usize),
    /// It ends.
    Deactivate(usize),
    /// It comes into being with the next message to it.
    Create(usize),
    /// It ends with the next message to or from it.
    Destroy(usize),
    /// Some items under a condition, again and again, or at the same time.
    Block(Block),
}

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Who sends it, by index.
    pub from: usize,
    /// Who gets it, by index.
    pub to: usize,
    /// What it says, line by line.
    pub text: Vec<String>,
    /// Its number, if messages are numbered.
    pub number: Option<String>,
    /// What is drawn at its beginning.
    pub tail: Head,
    /// What is drawn at its end.
    pub head: Head,
    /// Whether a point marks the lifeline at its beginning and at its end.
    pub points: [bool; 2],
    /// Solid for calls, dashed for answers.
    pub line: Line,
    /// Everything else.
    pub facts: Facts,
}

/// Where a note stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// Left of a lifeline.
    Left(usize),
    /// Right of a lifeline.
    Right(usize),
    /// Across these lifelines and all between.
    Over(usize, usize),
}

/// Words beside or across lifelines.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// Where.
    pub beside: Beside,
    /// What it says, line by line.
    pub text: Vec<String>,
}

/// What a block means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlockKind {
    /// Either, or.
    Alt,
    /// Or not at all.
    Opt,
    /// Again and again.
    Loop,
    /// At the same time.
    Par,
    /// All or nothing.
    Critical,
    /// The rest is left out.
    Break,
    /// Only marked by a ground.
    Rect,
}

impl BlockKind {
    /// As it stands in the block's corner; nothing for a ground.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alt => "alt",
            Self::Opt => "opt",
            Self::Loop => "loop",
            Self::Par => "par",
            Self::Critical => "critical",
            Self::Break => "break",
            Self::Rect => "",
        }
    }
}

/// Some items in a frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// What it means.
    pub kind: BlockKind,
    /// Its parts, one below the other; the first has the block's own condition.
    pub sections: Vec<Section>,
    /// Its colour, and where the source names it.
    pub facts: Facts,
}

/// A part of a block.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    /// When it happens, line by line.
    pub label: Vec<String>,
    /// What happens.
    pub items: Vec<Item>,
}
