use proptest::prelude::*;
use rmcp::model::Tool;
use serde_json::{Map, Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, duplex, split};

use scim_mcp::Limits;

use crate::support::{Agent, anybody, server, text};

/// Arguments with which each tool does something, to be spoilt one by one.
fn sound(tool: &str, user: &str, group: &str, version: &str) -> Value {
    let operations = json!([{ "op": "add", "path": "displayName", "value": "x" }]);
    let id = if tool.contains("group") { group } else { user };
    match tool {
        "create_user" => json!({ "data": { "userName": "new" } }),
        "create_group" => json!({ "data": { "displayName": "new" } }),
        "replace_user" => {
            json!({ "id": id, "data": { "userName": "new" }, "expected_version": version })
        }
        "replace_group" => {
            json!({ "id": id, "data": { "displayName": "new" }, "expected_version": version })
        }
        "patch_user" | "patch_group" => json!({ "id": id, "operations": operations }),
        "delete_user" | "delete_group" => json!({ "id": id, "expected_version": version }),
        "get_user" | "get_group" => json!({ "id": id }),
        "add_group_members" | "remove_group_members" => json!({ "id": id, "members": [user] }),
        "bulk" => {
            let create = json!({ "action": "create", "resource_type": "User", "data": { "userName": "new" } });
            json!({ "operations": [create] })
        }
        _ => json!({}),
    }
}

/// Values that no argument can have, or that are hard to swallow.
fn hostile() -> Vec<Value> {
    let mut deep = json!(1);
    for _ in 0..100 {
        deep = json!([deep]);
    }
    let mut wide = Map::new();
    for number in 0..2_000 {
        wide.insert(format!("k{number}"), number.into());
    }
    vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(0),
        json!(1.5),
        json!(1e308),
        json!(u64::MAX),
        json!(""),
        json!(" "),
        json!("\0"),
        json!("\u{202e}\u{feff}"),
        json!("x".repeat(20_000)),
        json!("' or 1=1 --"),
        json!("../../etc/passwd"),
        json!("{\"$ne\": null}"),
        json!("(".repeat(5_000)),
        json!([]),
        json!([null]),
        json!([[]]),
        json!([{}]),
        json!(vec![""; 2_000]),
        json!({}),
        json!({ "": "" }),
        json!({ "__proto__": { "admin": true } }),
        Value::Object(wide),
        deep,
    ]
}

/// All that is stored.
async fn state(agent: &Agent) -> Value {
    agent
        .done("search_resources", json!({ "count": 1000 }))
        .await
}

/// Calls the tool and gives whether that failed; if so, nothing was written.
async fn attempt(agent: &Agent, tool: &Tool, arguments: Value) -> bool {
    let before = state(agent).await;
    let called = agent.call(&tool.name, arguments).await;
    if called.failed {
        if called.value.get("error").is_some() {
            assert!(called.value["error"]["kind"].is_string());
            assert!(called.value["error"]["message"].is_string());
        }
        assert!(called.value.to_string().len() < 10_000, "{}", tool.name);
        assert_eq!(state(agent).await, before, "{}", tool.name);
    }
    called.failed
}

/// Whether a value is of the JSON type that the schema wants.
fn is_of_type(schema: &Value, value: &Value) -> bool {
    match schema["type"].as_str() {
        Some("string") => value.is_string(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_u64() || value.is_i64(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn whatever_an_argument_is_errors_are_structured_and_write_nothing() {
    let agent = Agent::of(&server()).await;
    let mut scene = Scene::set(&agent).await;
    for tool in agent.tools().await {
        let properties = tool.input_schema["properties"].as_object().unwrap();
        for (name, schema) in properties {
            for value in hostile() {
                let mut arguments = scene.sound(&tool);
                arguments[name] = value.clone();
                let failed = attempt(&agent, &tool, arguments).await;
                assert!(
                    failed || is_of_type(schema, &value),
                    "{} took {name}: {value}",
                    tool.name
                );
                if !failed {
                    scene.clear(&agent).await;
                    scene = Scene::set(&agent).await;
                }
            }
        }
    }
}

#[tokio::test]
async fn an_argument_too_many_is_refused_by_every_tool() {
    let agent = Agent::of(&server()).await;
    let scene = Scene::set(&agent).await;
    for tool in agent.tools().await {
        for name in ["tenant", "expectedVersion", "version", "If-Match", "force"] {
            let mut arguments = scene.sound(&tool);
            arguments[name] = "x".into();
            assert!(
                attempt(&agent, &tool, arguments).await,
                "{} took {name}",
                tool.name
            );
        }
    }
}

#[tokio::test]
async fn an_argument_too_few_is_refused_by_every_tool() {
    let agent = Agent::of(&server()).await;
    let scene = Scene::set(&agent).await;
    for tool in agent.tools().await {
        let required = tool
            .input_schema
            .get("required")
            .cloned()
            .unwrap_or(json!([]));
        for name in required.as_array().unwrap() {
            let mut arguments = scene.sound(&tool);
            arguments
                .as_object_mut()
                .unwrap()
                .remove(name.as_str().unwrap());
            let error = agent.refused(&tool.name, arguments).await;
            assert_eq!(&error["argument"], name, "{}", tool.name);
        }
    }
}

/// A user and a group.
struct Scene {
    user: (String, String),
    group: (String, String),
}

impl Scene {
    async fn set(agent: &Agent) -> Self {
        Self {
            user: agent.user("someone").await,
            group: agent.group("some").await,
        }
    }

    fn sound(&self, tool: &Tool) -> Value {
        let (_, version) = if tool.name.contains("group") {
            &self.group
        } else {
            &self.user
        };
        sound(&tool.name, &self.user.0, &self.group.0, version)
    }

    async fn clear(&self, agent: &Agent) {
        let left = state(agent).await;
        for found in left["resources"].as_array().expect("resources") {
            let kind = text(&found["resource_type"]).to_lowercase();
            let fresh = agent
                .done(&format!("get_{kind}"), json!({ "id": found["id"] }))
                .await;
            let delete = json!({ "id": found["id"], "expected_version": fresh["version"] });
            agent.done(&format!("delete_{kind}"), delete).await;
        }
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        prop_oneof![
            "User", "Group", "create", "delete", "patch", "bulkId:x", "add", "members"
        ]
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        let names = prop_oneof![
            "[a-z]{0,8}".boxed(),
            prop_oneof![
                "action",
                "resource_type",
                "id",
                "data",
                "operations",
                "op",
                "path",
                "value",
                "members",
                "userName",
                "displayName",
                "expected_version",
                "filter",
                "count"
            ]
            .boxed(),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(names, inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn random_arguments_break_no_tool(values in prop::collection::vec(any_json(), 4)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let agent = Agent::of(&server()).await;
            let scene = Scene::set(&agent).await;
            for tool in agent.tools().await {
                let properties = tool.input_schema["properties"].as_object().unwrap();
                let mut arguments = scene.sound(&tool);
                for (name, value) in properties.keys().zip(&values) {
                    arguments[name] = value.clone();
                }
                attempt(&agent, &tool, arguments).await;
            }
        });
    }
}

#[tokio::test]
async fn what_is_no_message_is_survived() {
    let limits = Limits::default().with_message(4_096);
    let (agent, here) = duplex(1 << 20);
    let (input, output) = split(here);
    tokio::spawn(server().with_limits(limits).serve(anybody(), input, output));
    let (answers, mut agent) = split(agent);
    let mut answers = BufReader::new(answers).lines();

    let hello = json!({
        "jsonrpc": "2.0", "id": 0, "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": { "name": "raw", "version": "1" },
        },
    });
    agent
        .write_all(format!("{hello}\n").as_bytes())
        .await
        .unwrap();
    answers.next_line().await.unwrap().expect("it greets");
    let ready = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    agent
        .write_all(format!("{ready}\n").as_bytes())
        .await
        .unwrap();

    let call = |id: u32, arguments: Value| {
        let params = json!({ "name": "create_user", "arguments": arguments });
        json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params }).to_string()
    };
    let deep = format!("{}1{}", "[".repeat(1_000), "]".repeat(1_000));
    for nonsense in [
        "{".to_owned(),
        "null".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        deep,
        "x".repeat(100_000),
        call(1, json!("userName")),
        call(2, json!([{ "data": {} }])),
        call(3, json!({ "data": { "userName": "x".repeat(10_000) } })),
        json!({ "jsonrpc": "2.0", "id": 4, "method": "tools/call", "params": {} }).to_string(),
        json!({ "jsonrpc": "2.0", "id": 5, "method": "tools/drop" }).to_string(),
    ] {
        agent
            .write_all(format!("{nonsense}\n").as_bytes())
            .await
            .unwrap();
    }
    let last = call(6, json!({ "data": { "userName": "a" } }));
    agent
        .write_all(format!("{last}\n").as_bytes())
        .await
        .unwrap();
    let created = loop {
        let line = answers.next_line().await.unwrap().expect("it still serves");
        let answer: Value = serde_json::from_str(&line).expect("every line is JSON");
        if answer["id"] == 6 {
            break answer;
        }
        assert!(answer.get("error").is_some(), "{answer}");
    };
    assert_eq!(
        created["result"]["structuredContent"]["resource"]["userName"],
        "a"
    );
    let count = json!({ "name": "search_resources", "arguments": { "count": 0 } });
    let count = json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": count });
    agent
        .write_all(format!("{count}\n").as_bytes())
        .await
        .unwrap();
    let counted = answers.next_line().await.unwrap().unwrap();
    let counted: Value = serde_json::from_str(&counted).unwrap();
    assert_eq!(counted["result"]["structuredContent"]["total"], 1);
}
