//! `Cargo.toml` and `Cargo.lock`: packages, their targets, dependencies and features.
//!
//! [`Manifest`] is the one reader of `Cargo.toml`, for whoever wants what a manifest states and where; [`Packages`] puts
//! those of a workspace together.

mod features;
mod lock;
mod members;
mod packages;
mod read;

pub use features::{Resolved, resolve_features};
pub use lock::{Lock, major_of};
pub use packages::{Dependency, Package, Packages, Target, Unread, manifest, nearest_manifest};
pub use read::{
    Broken, Declared, Field, For, Manifest, PackageTable, TargetTable, Word, WorkspaceTable, profiles,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::RelPath;
    use crate::world::MemoryWorld;

    #[test]
    fn workspaces_hand_down_fields_versions_and_features() {
        let world = MemoryWorld::new()
            .with("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n[workspace.package]\nversion = \"1.2.3\"\nedition = \"2024\"\n[workspace.dependencies]\nutoipa = { version = \"5.3\", features = [\"chrono\"] }\nlib = { path = \"crates/lib\" }\n")
            .with("crates/app/Cargo.toml", "[package]\nname = \"my-app\"\nversion.workspace = true\nedition.workspace = true\n[dependencies]\nutoipa = { workspace = true, features = [\"uuid\"] }\nlib.workspace = true\nmore = { version = \"1\", optional = true }\n[features]\ndefault = [\"docs\"]\ndocs = [\"lib/time\", \"dep:more\"]\n")
            .with("crates/app/src/main.rs", "fn main() {}")
            .with("crates/lib/Cargo.toml", "[package]\nname = \"lib\"\nversion = \"0.1.0\"\n[dependencies]\nutoipa = \"5\"\n[features]\ntime = [\"utoipa/time\"]\n")
            .with("crates/lib/src/lib.rs", "")
            .with("Cargo.lock", "[[package]]\nname = \"utoipa\"\nversion = \"5.4.0\"\ndependencies = [\n \"serde\",\n]\n");
        let packages = Packages::load(&world, &RelPath::parse("crates/app").unwrap());
        let app = packages.named("my-app").unwrap();
        assert_eq!(packages.list[app].fields["version"], "1.2.3");
        assert_eq!(packages.list[app].edition, "2024");
        assert_eq!(packages.list[app].targets[0].name, "my_app");
        assert_eq!(packages.lock.version("utoipa", "5.3"), Some("5.4.0"));
        let resolved = resolve_features(&packages, app, &[], true);
        let utoipa: Vec<&str> = resolved.foreign["utoipa"].iter().map(String::as_str).collect();
        assert_eq!(utoipa, ["chrono", "default", "time", "uuid"]);
        assert!(resolved.foreign.contains_key("more"));
        let without = resolve_features(&packages, app, &[], false);
        assert!(!without.foreign["utoipa"].contains("time"));
    }

    /// The names of the members of a workspace that has the packages `a`, `b`, `app-web`, `app-db` and `deep/er/x`.
    fn members(workspace: &str) -> Vec<String> {
        let package = |name: &str| format!("[package]\nname = '{name}'\n");
        let world = MemoryWorld::new()
            .with("ws/Cargo.toml", format!("[workspace]\n{workspace}"))
            .with("ws/crates/app-web/Cargo.toml", package("app-web"))
            .with("ws/crates/app-web/src/lib.rs", "")
            .with("ws/crates/app-db/Cargo.toml", package("app-db"))
            .with("ws/crates/deep/er/x/Cargo.toml", package("x"))
            .with(
                "ws/tools/t/Cargo.toml",
                package("t") + "[dev-dependencies]\nx = { path = '../../crates/deep/er/x' }\n",
            )
            .with("other/o/Cargo.toml", package("o"));
        let packages = Packages::load(&world, &RelPath::parse("ws").unwrap());
        assert_eq!(packages.problems, []);
        packages.list.into_iter().filter(|one| one.member).map(|one| one.name).collect()
    }

    /// As `cargo metadata` of Cargo 1.95 lists them.
    #[test]
    fn members_are_those_that_cargo_finds() {
        let all = ["app-db", "app-web"];
        assert_eq!(members("members = [\"crates/app-*\"]"), all);
        assert_eq!(members("members = ['./crates//app-?b', 'crates/app-web/']"), all);
        assert_eq!(members("members = [\"crates/app-[dw]*\"]"), all);
        assert_eq!(members("members = [\"crates/app-[!d]*\"]"), ["app-web"]);
        assert_eq!(members("members = [\"crates/**/x\"]"), ["x"]);
        assert_eq!(members("members = [\"crates/**\"]"), ["app-db", "app-web", "x"]);
        assert_eq!(members("members = [\"../other/*\"]"), ["o"]);
        assert_eq!(members("members = [\"CRATES/app-*\"]"), [""; 0]);
        // What a member depends on by path is one, too, unless it is left out.
        assert_eq!(members("members = [\"tools/t\"]"), ["x", "t"]);
        assert_eq!(members("members = [\"tools/t\"]\nexclude = [\"crates/deep\"]"), ["t"]);
        assert_eq!(
            members("members = [\"crates/app-*\", \"crates/deep/er/*\"]\nexclude = [\"crates/deep\"]"),
            all
        );
        assert_eq!(
            members("members = [\"crates/app-*\", \"crates/deep/er/x\"]\nexclude = [\"crates/deep\"]"),
            ["app-db", "app-web", "x"]
        );
        assert_eq!(members("members = [\"crates/app-*\"]\nexclude = [\"crates/app-d*\"]"), all);
    }

    #[test]
    fn a_package_without_a_workspace_has_no_members_but_itself() {
        let world = MemoryWorld::new()
            .with("Cargo.toml", "[package]\nname = 'a'\n[dependencies]\nb = { path = 'b' }\n")
            .with("b/Cargo.toml", "[package]\nname = 'b'\n");
        let packages = Packages::load(&world, &RelPath::root());
        let all: Vec<(&str, bool)> =
            packages.list.iter().map(|one| (one.name.as_str(), one.member)).collect();
        assert_eq!(all, [("a", true), ("b", false)]);
    }

    #[test]
    fn manifests_that_cannot_be_read_are_told_once_and_with_a_place() {
        let root = "[workspace]\nmembers = ['a', 'b', 'gone']\n";
        let world = MemoryWorld::new()
            .with("Cargo.toml", root)
            .with("a/Cargo.toml", "[package]\nname = 'a'\n[dependencies]\nb = { path = '../b' }\n")
            .with("b/Cargo.toml", "[package]\nname = 'b\n");
        let packages = Packages::load(&world, &RelPath::parse("a").unwrap());
        assert_eq!(packages.list.len(), 1);
        let [gone, broken] = packages.problems.as_slice() else { panic!("{:?}", packages.problems) };
        assert!(broken.message.starts_with("`b/Cargo.toml` cannot be read: line 2: "), "{}", broken.message);
        assert_eq!(gone.message, "the member `gone` of `Cargo.toml` has no Cargo.toml");
        assert_eq!(&root[gone.place.span.range()], "'gone'");
    }
}
