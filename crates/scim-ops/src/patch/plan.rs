use scim_provider::schema::{Attribute, Extension, ResourceType, UnknownAttributes};
use scim_provider::{ResourceError, ResourceErrorKind};
use serde_json::{Map, Value};

use super::given::{Reader, joined};
use super::message::{Op, Operation, parse_path};
use super::target::{Place, Target};
use super::{PatchError, PatchProblem};

/// One change of one attribute, checked against the schemas as far as that goes without the
/// resource.
pub(super) struct Step<'t> {
    /// Which operation it is part of.
    pub(super) operation: usize,
    pub(super) action: Action<'t>,
}

pub(super) enum Action<'t> {
    /// The resource has to have this id.
    CheckId(String),
    RemoveExtension(&'t Extension),
    Change(Box<Target<'t>>, Change),
}

pub(super) enum Change {
    Add(Value),
    Replace(Value),
    Remove,
    /// Those values of a list.
    RemoveValues(Vec<Value>),
}

impl Step<'_> {
    /// `problem` with this step.
    pub(super) fn error(&self, problem: PatchProblem) -> PatchError {
        let path = match &self.action {
            Action::CheckId(_) => "id".to_owned(),
            Action::RemoveExtension(extension) => extension.schema().id().to_owned(),
            Action::Change(target, _) => target.to_string(),
        };
        PatchError::new(self.operation, path, problem)
    }
}

/// The steps that `operations` consist of, for resources of type `resource_type`.
pub(super) fn plan<'t>(
    operations: &[Operation],
    resource_type: &'t ResourceType,
    unknown: UnknownAttributes,
) -> Result<Vec<Step<'t>>, PatchError> {
    let mut planner = Planner {
        resource_type,
        reader: Reader { unknown },
        operation: 0,
        steps: Vec::with_capacity(operations.len()),
    };
    for (index, operation) in operations.iter().enumerate() {
        planner.operation = index;
        planner.operation(operation)?;
    }
    Ok(planner.steps)
}

struct Planner<'t> {
    resource_type: &'t ResourceType,
    reader: Reader,
    operation: usize,
    steps: Vec<Step<'t>>,
}

type Planned = Result<(), PatchError>;

impl<'t> Planner<'t> {
    fn operation(&mut self, operation: &Operation) -> Planned {
        let Operation { op, path, value } = operation;
        let place = match path {
            None => Place::Resource,
            Some(path) => match Place::find(path, self.resource_type) {
                Ok(Some(place)) => place,
                Ok(None) => {
                    let path = path.attribute().as_str();
                    return self.unknown(path, PatchProblem::UnknownAttribute);
                }
                Err(problem) => {
                    return Err(self.error(path.attribute().as_str(), problem));
                }
            },
        };
        match (place, op) {
            (Place::Resource, Op::Remove) => Err(self.error("", PatchProblem::NoPath)),
            (Place::Resource, _) => self.attributes(*op, self.required(value, "")?),
            (Place::Extension(extension), Op::Remove) => self.remove_extension(extension),
            (Place::Extension(extension), _) => {
                let value = self.required(value, extension.schema().id())?;
                self.extension(*op, extension, value)
            }
            (Place::Attribute(target), _) if target.is_read_only() => {
                Err(self.error(target, PatchProblem::ReadOnly))
            }
            (Place::Attribute(target), Op::Remove) => self.remove(target, value.as_ref()),
            (Place::Attribute(target), _) => {
                let value = self.required(value, &target)?;
                self.set(*op, target, value)
            }
        }
    }

    /// The value of an operation that has to have one.
    fn required<'v>(
        &self,
        value: &'v Option<Value>,
        path: impl ToString,
    ) -> Result<&'v Value, PatchError> {
        let missing = || self.error(path, PatchProblem::MissingValue);
        value.as_ref().ok_or_else(missing)
    }

    /// Adds or replaces each member of `value`, the resource itself being the target.
    fn attributes(&mut self, op: Op, value: &Value) -> Planned {
        let members = self.object("", value)?;
        let mut named = Vec::new();
        for (name, value) in members {
            self.member(op, name, value, &mut named)?;
        }
        Ok(())
    }

    /// One member of the value of an operation without a path. Its name is that of an attribute,
    /// the URI of an extension, or a path, as Microsoft Entra ID sends it.
    fn member(
        &mut self,
        op: Op,
        name: &str,
        value: &Value,
        named: &mut Vec<&'t Attribute>,
    ) -> Planned {
        let place = match parse_path(name) {
            Ok(path) => Place::find(&path, self.resource_type),
            Err(problem) if name.contains('[') => Err(problem),
            Err(_) => Ok(None),
        };
        let target = match place.map_err(|problem| self.error("", problem))? {
            None | Some(Place::Resource) => {
                let unknown = PatchProblem::Value(ResourceErrorKind::Unknown);
                return self.unknown(name, unknown);
            }
            Some(Place::Extension(extension)) => return self.extension(op, extension, value),
            Some(Place::Attribute(target)) => target,
        };
        if target.is_read_only() {
            return self.read_only(&target, value);
        }
        if target.selector.is_none() {
            self.only_once(&target, named)?;
        }
        self.set(op, target, value)
    }

    /// Clients send back what they have read; what only the service provider sets is ignored
    /// there, as it is in a PUT. But another `id` means another resource.
    fn read_only(&mut self, target: &Target<'t>, value: &Value) -> Planned {
        let is_id = target.extension.is_none() && target.attribute.name() == "id";
        match value {
            Value::String(id) if is_id => {
                self.push(Action::CheckId(id.clone()));
                Ok(())
            }
            Value::Null => Ok(()),
            _ if is_id => Err(self.error("id", PatchProblem::AnotherId)),
            _ => Ok(()),
        }
    }

    /// Refuses an attribute that is named twice in different case, of whose values one would be
    /// lost.
    fn only_once(&self, target: &Target<'t>, named: &mut Vec<&'t Attribute>) -> Planned {
        let leaf = target.leaf();
        if named.iter().any(|other| std::ptr::eq(*other, leaf)) {
            let repeated = PatchProblem::Value(ResourceErrorKind::Repeated);
            return Err(self.error(target, repeated));
        }
        named.push(leaf);
        Ok(())
    }

    /// Adds or replaces the attributes of `extension` that `value` has.
    fn extension(&mut self, op: Op, extension: &'t Extension, value: &Value) -> Planned {
        let uri = extension.schema().id();
        let members = match value {
            Value::Null if op == Op::Add => return Ok(()),
            Value::Null => return self.remove_extension(extension),
            Value::Array(items) if items.is_empty() && op == Op::Add => return Ok(()),
            Value::Array(items) if items.is_empty() => return self.remove_extension(extension),
            value => self.object(uri, value)?,
        };
        let mut named = Vec::new();
        for (name, value) in members {
            let (name, sub) = match name.split_once('.') {
                Some((name, sub)) => (name, Some(sub)),
                None => (name.as_str(), None),
            };
            let path = || format!("{uri}:{name}");
            let attribute = extension.schema().attribute(name);
            let found = match (attribute, sub) {
                (Some(attribute), None) => Some((attribute, None)),
                (Some(attribute), Some(sub)) => attribute
                    .sub_attribute(sub)
                    .map(|sub| (attribute, Some(sub))),
                (None, _) => None,
            };
            let Some((attribute, sub)) = found else {
                // Some clients repeat `schemas` in there.
                if !name.eq_ignore_ascii_case("schemas") {
                    let unknown = PatchProblem::Value(ResourceErrorKind::Unknown);
                    self.unknown(&path(), unknown)?;
                }
                continue;
            };
            let mut target = Target::new(self.resource_type, Some(uri), attribute);
            target.sub = sub;
            if target.is_read_only() {
                continue;
            }
            self.only_once(&target, &mut named)?;
            self.set(op, Box::new(target), value)?;
        }
        Ok(())
    }

    fn remove_extension(&mut self, extension: &'t Extension) -> Planned {
        if extension.required() {
            return Err(self.error(extension.schema().id(), PatchProblem::Required));
        }
        self.push(Action::RemoveExtension(extension));
        Ok(())
    }

    fn set(&mut self, op: Op, target: Box<Target<'t>>, value: &Value) -> Planned {
        let one_item = target.selector.is_some() && target.sub.is_none();
        let read = if one_item {
            self.reader.single(target.attribute, value)
        } else {
            self.reader.value(target.leaf(), value)
        };
        let value = read.map_err(|e| self.misread(&target, &e))?;
        if target.linked && target.sub.is_none() {
            self.check_links(&target, &value)?;
        }
        let change = if op == Op::Add {
            Change::Add(value)
        } else {
            Change::Replace(value)
        };
        self.push(Action::Change(target, change));
        Ok(())
    }

    fn remove(&mut self, target: Box<Target<'t>>, value: Option<&Value>) -> Planned {
        let change = match value {
            Some(value)
                if !value.is_null()
                    && target.attribute.multi_valued()
                    && target.selector.is_none()
                    && target.sub.is_none() =>
            {
                let read = self.reader.value(target.attribute, value);
                let value = read.map_err(|e| self.misread(&target, &e))?;
                if target.linked {
                    self.check_links(&target, &value)?;
                }
                match value {
                    Value::Array(items) => Change::RemoveValues(items),
                    _ => Change::Remove,
                }
            }
            _ => Change::Remove,
        };
        self.push(Action::Change(target, change));
        Ok(())
    }

    /// Links are known by their `value`, so each has to have one.
    fn check_links(&self, target: &Target<'t>, value: &Value) -> Planned {
        let (items, is_list) = match value {
            Value::Array(items) => (items.as_slice(), true),
            Value::Null => return Ok(()),
            single => (std::slice::from_ref(single), false),
        };
        // A value that a filter selects has one by that, mostly.
        let nameless = |item: &&Value| !item["value"].is_string();
        match items.iter().position(|item| is_list && nameless(&item)) {
            Some(index) => {
                let path = format!("{target}[{index}].value");
                let missing = PatchProblem::Value(ResourceErrorKind::Missing);
                Err(self.error(path, missing))
            }
            None => Ok(()),
        }
    }

    /// The object that `value` is, or the only one in it.
    fn object<'v>(
        &self,
        path: &str,
        value: &'v Value,
    ) -> Result<&'v Map<String, Value>, PatchError> {
        let single = match value {
            Value::Array(items) if items.len() == 1 => &items[0],
            other => other,
        };
        single.as_object().ok_or_else(|| {
            let error = ResourceError::wrong_type("", "an object", single);
            self.error(path, PatchProblem::Value(error.kind().clone()))
        })
    }

    /// What becomes of an operation on an attribute that there is not.
    fn unknown(&self, path: &str, problem: PatchProblem) -> Planned {
        match self.reader.unknown {
            UnknownAttributes::Ignore => Ok(()),
            UnknownAttributes::Refuse => Err(self.error(path, problem)),
        }
    }

    fn misread(&self, target: &Target<'_>, error: &ResourceError) -> PatchError {
        let path = joined(&target.to_string(), error.attribute());
        self.error(path, PatchProblem::Value(error.kind().clone()))
    }

    fn push(&mut self, action: Action<'t>) {
        let operation = self.operation;
        self.steps.push(Step { operation, action });
    }

    fn error(&self, path: impl ToString, problem: PatchProblem) -> PatchError {
        PatchError::new(self.operation, path.to_string(), problem)
    }
}
