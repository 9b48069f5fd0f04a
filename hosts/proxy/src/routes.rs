//! The table of routes: what operation a request needs.

use serde::Deserialize;

/// A route, as it is configured.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteConfig {
    /// The method; any without one.
    pub method: Option<String>,
    /// The path: `{name}` or `*` is one segment, `**` at the end is the rest.
    pub path: String,
    /// The operation that the route needs.
    pub operation: Option<String>,
    /// The obligations that the service behind the proxy fulfils.
    #[serde(default)]
    pub discharges: Vec<String>,
    /// Whether the route is open to everybody.
    #[serde(default)]
    pub public: bool,
}

/// What the table says of a request.
#[derive(Debug, PartialEq, Eq)]
pub enum Access<'t> {
    /// The route needs an operation.
    Needs(&'t Route),
    /// The route is open to everybody.
    Public,
    /// No route; it is refused.
    None,
}

/// A route that needs an operation.
#[derive(Debug, PartialEq, Eq)]
pub struct Route {
    /// The id of the operation.
    pub operation: String,
    /// The obligations that the service behind the proxy fulfils.
    pub discharges: Vec<String>,
}

/// The routes in their order: the first that matches counts.
#[derive(Debug, Default)]
pub struct Routes(Vec<Row>);

#[derive(Debug)]
struct Row {
    method: Option<String>,
    path: Vec<Segment>,
    /// `None` for a public route.
    route: Option<Route>,
}

/// A part of a path pattern.
#[derive(Debug)]
enum Segment {
    Is(String),
    /// `{name}` or `*`: any one segment that is not empty.
    Any,
    /// `**`: the rest, also nothing.
    Rest,
}

impl Routes {
    /// Reads the table.
    ///
    /// # Errors
    /// A message that names the route: neither or both of an operation and `public`, a path that does not begin with `/`, or a part
    /// after `**`.
    pub fn new(config: Vec<RouteConfig>) -> Result<Self, String> {
        config.into_iter().map(row).collect::<Result<_, _>>().map(Self)
    }

    /// The operations of the routes.
    pub fn operations(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|row| Some(row.route.as_ref()?.operation.as_str()))
    }

    /// What a request needs. `path` is that of the request, with its query. Paths that a service may read as another path have no
    /// route: with `.` or `..`, empty segments, `\`, or an encoded `/`, `\` or `.`.
    pub fn find(&self, method: &str, path: &str) -> Access<'_> {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let Some(segments) = segments(path) else { return Access::None };
        let found = self
            .0
            .iter()
            .find(|row| row.method.as_ref().is_none_or(|wanted| wanted == method) && matches(&row.path, &segments));
        match found {
            Some(Row { route: Some(route), .. }) => Access::Needs(route),
            Some(_) => Access::Public,
            None => Access::None,
        }
    }
}

fn row(config: RouteConfig) -> Result<Row, String> {
    let RouteConfig { method, path, operation, discharges, public } = config;
    let fault = |what: &str| Err(format!("route `{path}`: {what}"));
    let Some(rest) = path.strip_prefix('/') else { return fault("the path must begin with `/`") };
    let parts = rest.split('/').map(|part| match part {
        "**" => Segment::Rest,
        "*" => Segment::Any,
        _ if part.len() > 2 && part.starts_with('{') && part.ends_with('}') => Segment::Any,
        _ => Segment::Is(part.into()),
    });
    let parts: Vec<Segment> = parts.collect();
    if parts.iter().rev().skip(1).any(|part| matches!(part, Segment::Rest)) {
        return fault("`**` must be the last part");
    }
    let route = match (operation, public) {
        (Some(operation), false) => Some(Route { operation, discharges }),
        (None, true) if discharges.is_empty() => None,
        _ => return fault("give `operation`, or `public: true` alone"),
    };
    Ok(Row { method, path: parts, route })
}

/// The segments of a path that everybody reads alike.
fn segments(path: &str) -> Option<Vec<&str>> {
    let encoded = path.to_ascii_lowercase();
    if ["\\", "%2f", "%5c", "%2e", "%25", "%00"].iter().any(|part| encoded.contains(part)) {
        return None;
    }
    let segments: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
    // A slash at the end is an empty segment there
    let (_, inner) = segments.split_last()?;
    let is_plain =
        inner.iter().all(|part| !part.is_empty()) && !segments.iter().any(|part| matches!(*part, "." | ".."));
    is_plain.then_some(segments)
}

fn matches(pattern: &[Segment], segments: &[&str]) -> bool {
    match (pattern, segments) {
        ([Segment::Rest], _) | ([], []) => true,
        ([part, pattern @ ..], [segment, segments @ ..]) => {
            let is_same = match part {
                Segment::Is(text) => text == segment,
                Segment::Any => !segment.is_empty(),
                Segment::Rest => true,
            };
            is_same && matches(pattern, segments)
        }
        _ => false,
    }
}
