//! Tokens of sessions: the engine writes and reads them.
//!
//! Roles that are held through their `when` are left out, since [`Policy::restore`] takes the facts. The layout is a hash of
//! the declarations of privileges and of the ids of roles: changed labels, requirements and grants of roles do not invalidate
//! tokens.

use super::error::{SubjectError, SubjectFault};
use super::evaluate::Session;
use super::lookup;
use super::state::State;
use crate::engine::TokenFault;
use crate::model::Value;
use crate::pack::Policy;
use crate::util::messages::message;
use crate::util::to_u32;

/// The most letters of a token of another policy, as `docs/format.md` allows.
const LETTERS: u32 = 65_536;

impl Session<'_> {
    /// Encodes the subject's own grants, its listed roles and the join of its inline roles as a token. It has no ends of grants and
    /// roles: what carries it must expire at [`Session::valid_until`].
    /// O(program + grants × log grants).
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Subject, Value};
    ///
    /// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
    /// let grants = vec![("sender".into(), Value::Flag(true))];
    /// let token = policy.session(&Subject { grants, ..Subject::default() })?.token();
    /// assert!(token.len() < 40);
    /// assert_eq!(policy.restore(&token, &[])?.token(), token);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn token(&self) -> String {
        let mut words = self.words.clone();
        let first = words.len();
        words.resize(first + self.program.engine().token_room() as usize, 0);
        let [own, inline] = self.pairs;
        let count = self.program.engine_in(&mut words).write_token(own, inline);
        words.into_iter().skip(first).take(count as usize).filter_map(char::from_u32).collect()
    }
}

impl Policy {
    /// Evaluates the subject of a token with its current facts. Listed roles are restored by id, inline roles as one
    /// inline role with their join. O(program).
    ///
    /// # Errors
    /// [`SubjectFault::InvalidToken`] if the string is not a token or is damaged, [`SubjectFault::StaleToken`] if it belongs to
    /// a policy with another layout, and as [`Policy::session`] for the
    /// facts and for roles that were redefined since.
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Subject, SubjectFault, Value};
    ///
    /// let policy = Policy::compile(privet::policies::VICIDIAL)?;
    /// let grants = vec![("modify-email-accounts".into(), Value::Flag(true))];
    /// let token = policy.session(&Subject { grants, ..Subject::default() })?.token();
    /// let facts = [("email-allowed".into(), Value::Flag(true))];
    /// assert!(policy.restore(&token, &facts)?.can("email-accounts.open")?);
    /// assert_eq!(policy.restore("forged", &facts).unwrap_err().fault(), SubjectFault::InvalidToken);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn restore(&self, token: &str, facts: &[(String, Value)]) -> Result<Session<'_>, SubjectError> {
        let program = self.program();
        let room = program.engine().token_room();
        // A text that is longer than any token is read as an empty one, which is invalid.
        let token = if token.len() <= room.max(LETTERS) as usize { token } else { "" };
        let letters: Vec<u32> = token.bytes().map(u32::from).collect();
        let mut words = program.room([letters.as_slice()], room);
        let engine = program.engine_in(&mut words);
        let [own, end] = engine.read_token(to_u32(letters.len())).map_err(|fault| {
            let (fault, text) = match fault {
                TokenFault::Invalid => (SubjectFault::InvalidToken, message!(invalid_token)),
                TokenFault::Stale => (SubjectFault::StaleToken, message!(stale_token)),
            };
            SubjectError::say(fault, "", text)
        })?;
        let [_, first] = engine.places();
        let position = |at: u32| program.index_of(at);
        let pairs = |from: u32, to: u32| words.get(position(from)..position(to)).unwrap_or_default().as_chunks().0;
        let first = first + 4 * to_u32(letters.len());
        let state = State::from_pairs(program, pairs(first, own), pairs(own, end));
        let state = State { facts: lookup::known_facts(program, facts)?, ..state };
        Session::evaluate(program, state)
    }
}
