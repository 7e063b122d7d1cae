//! A folder that a command works on: its files, and the projects in it.

use super::{Context, Exit};
use crate::base::RelPath;
use crate::evidence::api::{Api, Apis};
use crate::pipeline::{self, Memory, Opened, Project, Settings};
use crate::shell::{self, disk::DiskWorld};
use std::path::Path;

/// An opened folder.
pub(super) struct Session {
    /// Its files.
    pub world: DiskWorld,
    /// The folder, from the repository's root.
    pub root: RelPath,
    /// mdBook's environment variables.
    overrides: Vec<(String, String)>,
    /// What was read once need not be read again.
    memory: Memory,
}

impl Session {
    /// Opens a folder to read it.
    pub fn open(context: &Context, folder: &Path) -> Result<Self, Exit> {
        context.open(folder).map(|(world, root)| Self::of(world, root))
    }

    /// Opens a folder whose files the command writes.
    pub fn open_to_write(context: &Context, folder: &Path) -> Result<Self, Exit> {
        context.open_to_write(folder).map(|(world, root, _)| Self::of(world, root))
    }

    /// Of a folder that is open.
    pub fn of(world: DiskWorld, root: RelPath) -> Self {
        Self { world, root, overrides: shell::overrides(), memory: Memory::default() }
    }

    /// The projects as they are now.
    pub fn projects(&self) -> Vec<Project> {
        pipeline::projects(&self.world, &self.root)
    }

    /// What every run of this session has in common.
    pub fn settings(&self) -> Settings<'_> {
        Settings { overrides: &self.overrides, memory: Some(&self.memory), ..Settings::default() }
    }

    /// A project, of which nothing but the configuration is read yet.
    pub fn opened<'s>(&'s self, project: &'s Project) -> Opened<'s> {
        Opened::new(&self.world, project, self.settings())
    }

    /// The API documents of all projects; of several, those of a name. Says so where there are none.
    pub fn apis(&self, context: &Context, name: Option<&str>) -> Result<Vec<Api>, Exit> {
        let mut apis = Vec::new();
        for project in self.projects() {
            apis.extend(self.opened(&project).take::<Apis>().list);
        }
        apis.retain(|api: &Api| name.is_none_or(|name| name == api.config.name));
        if apis.is_empty() {
            context.error(&format!("book.toml has no `[openapi.{}]`", name.unwrap_or("NAME")));
            return Err(Exit::Usage);
        }
        Ok(apis)
    }
}
