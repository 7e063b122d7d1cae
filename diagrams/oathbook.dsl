// The parts of oathbook and who uses whom. Every part is bound to its folder; relations are held against the code.
workspace "oathbook" "A documentation toolchain that checks what its pages claim" {
    !identifiers hierarchical

    model {
        author = person "Author" "Writes pages, diagrams and records"
        forge = softwareSystem "Forge" "Keeps the repository and runs checks on changes" "External"

        oathbook = softwareSystem "oathbook" "Checks and builds documentation" {
            tool = container "oathbook" "One program: check, build, preview, draw" "Rust" {
                properties {
                    "item" "oathbook"
                }
                cli = component "cli" "Arguments, commands, exit codes" {
                    properties {
                        "src" "src/cli"
                    }
                }
                shell = component "shell" "All input and output: disk, git, HTTP, clock" {
                    properties {
                        "src" "src/shell"
                    }
                }
                preview = component "preview" "What the live preview knows" {
                    properties {
                        "src" "src/preview"
                    }
                }
                pipeline = component "pipeline" "The stages, in order" {
                    properties {
                        "src" "src/pipeline"
                    }
                }
                render = component "render" "The site as a value" {
                    properties {
                        "src" "src/render"
                    }
                }
                report = component "report" "Findings for people and machines" {
                    properties {
                        "src" "src/report"
                    }
                }
                evidence = component "evidence" "What the repository states against what is so, one folder a sort" {
                    properties {
                        "src" "src/evidence"
                    }
                }
                model = component "model" "Pages, navigation, links" {
                    properties {
                        "src" "src/model"
                    }
                }
                markdown = component "markdown" "Text to facts and HTML" {
                    properties {
                        "src" "src/markdown"
                    }
                }
                diagram = component "diagram" "Text to graph to layout to picture" {
                    properties {
                        "src" "src/diagram"
                    }
                }
                openapi = component "openapi" "API documents: reading, judging, comparing" {
                    properties {
                        "src" "src/openapi"
                    }
                }
                config = component "config" "book.toml, with a place for every key" {
                    properties {
                        "src" "src/config"
                    }
                }
                code = component "code" "Typed names of code in any language" {
                    properties {
                        "src" "src/code"
                    }
                }
                rust = component "rust" "Rust source to packages, modules, items" {
                    properties {
                        "src" "src/rust"
                    }
                }
                world = component "world" "The one door through which files come in" {
                    properties {
                        "src" "src/world"
                    }
                }

                cli -> shell "Lets work"
                cli -> pipeline "Runs"
                shell -> preview "Serves"
                shell -> world "Implements"
                preview -> pipeline "Runs again"
                pipeline -> evidence "Hands the site to"
                pipeline -> model "Links up with"
                pipeline -> markdown "Parses with"
                pipeline -> config "Configures with"
                render -> model "Shows"
                render -> diagram "Draws with"
                report -> evidence "Prints findings of"
                cli -> report "Prints with"
                cli -> render "Builds with"
                evidence -> model "Judges"
                evidence -> diagram "Holds against the repository"
                evidence -> openapi "Reads documents with"
                evidence -> code "Looks up names with"
                evidence -> rust "Looks up items with"
                model -> markdown "Is made of"
                markdown -> world "Quotes files from"
                diagram -> world "Includes files from"
            }
            site = container "Site" "Static pages, search index, ledger of claims" "HTML" "Files"
            tool -> site "Writes"
        }

        author -> oathbook.tool "Runs, and reads findings of"
        author -> oathbook.site "Reads"
        forge -> oathbook.tool "Runs on every change" "Continuous integration"
    }

    views {
        container oathbook "containers" "Who uses oathbook, and what it leaves behind" {
            include *
            autolayout lr
        }

        component oathbook.tool "components" "The modules of the program, each above those it uses" {
            include "element.parent==oathbook.tool"
        }

        styles {
            element "Files" {
                shape Folder
            }
            element "External" {
                background #999999
            }
        }
    }
}
