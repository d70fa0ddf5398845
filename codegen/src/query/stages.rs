//! The stages of a query after its analysis: a later one has everything of those before it, and no field is filled in later.

use super::analysis::Typed;
use super::{Bulk, Page, ScopeVerdict, ShapedPage, count_variants};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::ops::{Deref, DerefMut};
use xact::generated::ShapedQuery;

/// A query with the verdict of each scope.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Authorised {
    /// The query.
    pub typed: Typed,
    /// Whether each scope may run it, in order of their names.
    pub scopes: Vec<ScopeVerdict>,
}

/// A query of a project without scopes.
impl From<Typed> for Authorised {
    fn from(typed: Typed) -> Self {
        Self {
            typed,
            scopes: Vec::new(),
        }
    }
}

/// A query with the statement that is sent: code is generated from this.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Finished {
    /// The query.
    pub authorised: Authorised,
    /// The statement that is sent in its place, if it takes a slice.
    pub bulk: Option<Bulk>,
    /// The statements that are sent in its place, if it is read in pages.
    pub page: Option<Page>,
    /// The pages of a query with parts or orders, whose statements are those of its shape.
    pub shaped_page: Option<ShapedPage>,
}

impl Finished {
    /// The statement that is sent; of a query that is read in pages, that of the first.
    pub fn sent(&self) -> Cow<'_, str> {
        match (&self.bulk, &self.page) {
            (Some(bulk), _) => Cow::Borrowed(&bulk.sql),
            (None, Some(page)) => Cow::Owned(page.statement(&page.first)),
            (None, None) => Cow::Borrowed(&self.query.sql.text),
        }
    }
}

impl Finished {
    /// How many statements a connection keeps prepared for it.
    pub fn count_statements(&self) -> usize {
        if let Some(shape) = self.query.shape.as_deref() {
            let kept = ShapedQuery::KEPT;
            return count_variants(shape).map_or(kept, |count| count.min(kept));
        }
        // The first, the last and the total.
        let pages = self.page.as_ref();
        pages.map_or(1, |page| 3 + page.after.len() + page.before.len())
    }
}

impl Deref for Authorised {
    type Target = Typed;

    fn deref(&self) -> &Typed {
        &self.typed
    }
}

impl DerefMut for Authorised {
    fn deref_mut(&mut self) -> &mut Typed {
        &mut self.typed
    }
}

impl Deref for Finished {
    type Target = Authorised;

    fn deref(&self) -> &Authorised {
        &self.authorised
    }
}

impl DerefMut for Finished {
    fn deref_mut(&mut self) -> &mut Authorised {
        &mut self.authorised
    }
}
