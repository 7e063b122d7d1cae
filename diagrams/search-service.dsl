// The example service: system design, data flow, component interaction, deployment.
workspace "Search service" "Full-text search over documents, with answers from a language model" {
    !identifiers hierarchical

    model {
        reader = person "Reader" "Searches, and asks questions"
        writer = person "Writer" "Adds, replaces and deletes documents"
        model = softwareSystem "Language model" "Answers a question from the documents it is given" "External"
        prometheus = softwareSystem "Prometheus" "Collects figures and alerts on them" "External"

        search = softwareSystem "Search service" "Finds documents by their words" {
            properties {
                "src" "examples/search-service"
            }
            service = container "search-service" "Answers requests" "Rust, axum" {
                properties {
                    "src" "examples/search-service/src"
                }
                gate = component "Gate" "Who is asking, what it may do, and how often" {
                    properties {
                        "src" "examples/search-service/src/auth.rs"
                    }
                }
                limits = component "Limits" "Counts requests of each caller in fixed windows" {
                    properties {
                        "src" "examples/search-service/src/limits.rs"
                    }
                }
                searching = component "Search" "Finds documents, facets and suggestions" {
                    properties {
                        "src" "examples/search-service/src/search"
                    }
                }
                cache = component "Cache" "Keeps results of the last seconds" {
                    properties {
                        "src" "examples/search-service/src/search/cache.rs"
                    }
                }
                documents = component "Documents" "Takes documents in and gives them out" {
                    properties {
                        "src" "examples/search-service/src/documents"
                    }
                }
                answers = component "Answers" "Asks the language model, with the best documents" {
                    properties {
                        "src" "examples/search-service/src/answers"
                    }
                }
                health = component "Health" "Liveness, readiness and figures" {
                    properties {
                        "src" "examples/search-service/src/health.rs"
                    }
                }
                storage = component "Storage" "Puts documents into a database and finds them there" {
                    properties {
                        "src" "examples/search-service/src/storage"
                    }
                }

                gate -> limits "Takes one from"
                gate -> searching "Lets requests through to" "HTTP"
                gate -> documents "Lets requests through to" "HTTP"
                gate -> answers "Lets requests through to" "HTTP"
                searching -> cache "Asks first"
                searching -> storage "Searches"
                documents -> storage "Reads and writes"
                answers -> storage "Searches for sources"
                health -> storage "Asks whether it answers"
            }
            database = container "Database" "Documents and the index of their words" "PostgreSQL, or SQLite" "Database" {
                properties {
                    "src" "examples/search-service/src/storage/postgres.sql"
                }
            }
        }

        reader -> search.service.gate "Searches and asks" "HTTPS"
        writer -> search.service.gate "Writes documents" "HTTPS"
        prometheus -> search.service.health "Scrapes" "HTTP"
        search.service.answers -> model "Asks" "HTTP, chat completions"
        search.service.storage -> search.database "Reads and writes" "SQL"

        production = deploymentEnvironment "Production" {
            edge = deploymentNode "Edge" "Ends encryption and spreads requests" {
                proxy = infrastructureNode "Proxy" "Holds the certificates" "TLS"
            }
            cluster = deploymentNode "Cluster" "Where programs run" {
                pod = deploymentNode "Replica" "One process, without a disk of its own" "Linux" "" "3" {
                    service = containerInstance search.service
                }
                db = deploymentNode "Database server" "Keeps backups and a standby" "PostgreSQL 15" {
                    database = containerInstance search.database
                }
            }
            edge.proxy -> cluster.pod.service "Forwards requests to" "HTTP"
        }
    }

    views {
        container search "design" "What the service consists of, and who uses it" {
            include *
        }

        component search.service "dataflow" "Where a request and the documents go within the service" {
            include *
            exclude "prometheus -> *"
            exclude prometheus
        }

        dynamic search.service "interaction" "How a question is answered" {
            reader -> search.service.gate "Asks a question"
            search.service.gate -> search.service.limits "Takes one from the caller's share"
            search.service.gate -> search.service.answers "Lets it through"
            search.service.answers -> search.service.storage "Searches for sources"
            search.service.storage -> search.database "Reads the best documents"
            search.service.answers -> model "Asks, with the documents"
            model -> search.service.answers "Answers"
            search.service.gate -> reader "Gives the answer and its sources"
        }

        deployment search production "deployment" "Where the parts run in production" {
            include *
        }

        styles {
            element "Database" {
                shape Cylinder
            }
            element "External" {
                background #999999
            }
        }
    }
}
