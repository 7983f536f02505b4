use scim_provider::schema::{Attribute, AttributeType, ResourceType};
use serde_json::{Map, Value};

use super::conflict::MergeConflict;
use super::equal::{self, Parts, is_unassigned, said, shown};
use super::place::Place;
use super::rules::{MergeRule, MergeRules, Resolution};
use super::three::{Side, Three};

/// A merge under way: its rules, and what has come of it that can't be merged.
pub(super) struct Merger<'a> {
    pub(super) resource_type: &'a ResourceType,
    pub(super) rules: &'a MergeRules,
    pub(super) conflicts: Vec<MergeConflict>,
}

/// Where a merge is at work, and how conflicts are met there.
#[derive(Clone, Copy)]
pub(super) struct Spot<'a> {
    pub(super) place: Place<'a>,
    pub(super) rule: &'a MergeRule,
    /// Whether it is about links, whose `type` and `$ref` the service provider knows.
    pub(super) linked: bool,
}

impl<'a> Spot<'a> {
    pub(super) fn sub(self, sub: &'a str) -> Self {
        Self {
            place: self.place.sub(sub),
            ..self
        }
    }

    pub(super) fn value(self, selector: Option<&'a str>) -> Self {
        Self {
            place: selector.map_or(self.place, |selector| self.place.value(selector)),
            ..self
        }
    }
}

/// What becomes of a conflict.
pub(super) enum Settled {
    Side(Side),
    Value(Value),
    /// It stays one. What comes out is used for no more than finding other conflicts.
    Open,
}

impl Settled {
    /// What that is, of `three`.
    pub(super) fn of(self, three: Three<Option<&Value>>) -> Option<Value> {
        match self {
            Self::Side(side) => three.take(side).cloned(),
            Self::Value(value) => (!is_unassigned(&value)).then_some(value),
            Self::Open => three.remote.or(three.local).cloned(),
        }
    }
}

impl Merger<'_> {
    /// The value of `attribute`, by the rule that there is for it.
    pub(super) fn attribute(
        &mut self,
        spot: Spot<'_>,
        attribute: &Attribute,
        three: Three<Option<&Value>>,
    ) -> Option<Value> {
        let whole = |a: &Value, b: &Value| equal::same(attribute, Parts::Said, a, b);
        match spot.rule {
            MergeRule::LocalWins => three.local.cloned(),
            MergeRule::RemoteWins => three.remote.cloned(),
            // Only what the other side has changed matters.
            MergeRule::Fail => match three.judge(whole) {
                Some(side) if is_undisputed(three, whole) => three.take(side).cloned(),
                _ => self.settle(spot, attribute, three).of(three),
            },
            MergeRule::Merge | MergeRule::Ask(_) => self.merged(spot, attribute, three),
        }
    }

    fn merged(
        &mut self,
        spot: Spot<'_>,
        attribute: &Attribute,
        three: Three<Option<&Value>>,
    ) -> Option<Value> {
        let kept_apart = attribute.is_never_shown();
        if attribute.multi_valued() && !kept_apart {
            let lists = three.map(|value| value.map_or(&[][..], items));
            let merged = self.list(spot, attribute, lists);
            return (!merged.is_empty()).then_some(Value::Array(merged));
        }
        let is_complex = attribute.attribute_type() == AttributeType::Complex && !kept_apart;
        let is_object = |value: &Option<&Value>| value.is_none_or(|value| value.is_object());
        if is_complex && three.each().into_iter().all(is_object) {
            let objects = three.map(|value| value.and_then(Value::as_object));
            let merged = self.complex(spot, attribute, objects);
            return (!merged.is_empty()).then_some(Value::Object(merged));
        }
        self.leaf(spot, attribute, three)
    }

    /// A value that is taken as a whole.
    pub(super) fn leaf(
        &mut self,
        spot: Spot<'_>,
        attribute: &Attribute,
        three: Three<Option<&Value>>,
    ) -> Option<Value> {
        let same = |a: &Value, b: &Value| equal::same(attribute, Parts::Said, a, b);
        match three.judge(same) {
            Some(side) => three.take(side).cloned(),
            None => self.settle(spot, attribute, three).of(three),
        }
    }

    /// A conflict about values of `attribute`: the rule settles it, or it stays one.
    pub(super) fn settle(
        &mut self,
        spot: Spot<'_>,
        attribute: &Attribute,
        three: Three<Option<&Value>>,
    ) -> Settled {
        let conflict = if attribute.is_never_shown() {
            MergeConflict::withheld(&spot.place)
        } else {
            let values = three.map(|value| value.map(|value| shown(attribute, value)));
            MergeConflict::new(&spot.place, values)
        };
        self.settle_one(spot.rule, conflict)
    }

    /// The same for a conflict that is known already.
    pub(super) fn settle_one(&mut self, rule: &MergeRule, conflict: MergeConflict) -> Settled {
        if let MergeRule::Ask(resolve) = rule {
            match resolve.resolve(&conflict) {
                Resolution::Base => return Settled::Side(Side::Base),
                Resolution::Local => return Settled::Side(Side::Local),
                Resolution::Remote => return Settled::Side(Side::Remote),
                Resolution::Value(value) => return Settled::Value(value),
                Resolution::Conflict => {}
            }
        }
        self.conflicts.push(conflict);
        Settled::Open
    }
}

/// Whether the other side has left it as it was, or says what ours says.
fn is_undisputed<'v>(
    three: Three<Option<&'v Value>>,
    same: impl Fn(&'v Value, &'v Value) -> bool,
) -> bool {
    let same = |a: Option<&'v Value>, b: Option<&'v Value>| match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => same(a, b),
        _ => false,
    };
    same(three.base, three.remote) || same(three.local, three.remote)
}

/// The values of a list; a single one is a list of one.
pub(super) fn items(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        single => std::slice::from_ref(single),
    }
}

/// What each of three objects says of `attribute`.
pub(super) fn said_by<'v>(
    objects: Three<Option<&'v Map<String, Value>>>,
    attribute: &Attribute,
) -> Three<Option<&'v Value>> {
    objects.map(|object| object.and_then(|object| said(object, attribute)))
}
