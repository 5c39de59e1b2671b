//! The board's own lines.

/// What every page and mail says about the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// "Exampleshire Safeguarding Children Board"; empty until the first-run page was filled in.
    pub name: String,
    /// What the site calls itself.
    pub service_name: String,
    /// Whom to write to; None until the first-run page was filled in.
    pub contact: Option<String>,
}

impl Default for Board {
    fn default() -> Self {
        Self { name: String::new(), service_name: "Learning Gain".to_owned(), contact: None }
    }
}

impl Board {
    /// Whether somebody has filled in the first-run page.
    pub fn is_set_up(&self) -> bool {
        !self.name.is_empty()
    }
}

/// The keys of the settings table.
pub mod keys {
    /// The board's name.
    pub const BOARD_NAME: &str = "board.name";
    /// What the site calls itself.
    pub const SERVICE_NAME: &str = "board.service_name";
    /// An e-mail address.
    pub const CONTACT: &str = "board.contact";
}
