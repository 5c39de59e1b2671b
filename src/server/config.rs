//! Settings of the running service: flags, `LEARNING_GAIN_…` variables and a TOML file, in this order of weight.

use clap::builder::BoolishValueParser;
use lettre::{AsyncSmtpTransport, Tokio1Executor};
use serde::Deserialize;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

/// How the help shows what a yes or no can be.
const YES_OR_NO: &str = "true|false";

/// What `serve` can be told. Every flag is also read from the environment and from the settings file.
#[derive(Clone, Debug, Default, clap::Args, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ServeArgs {
    /// Serve the demonstration board, filling an empty database with it first
    // As a variable people write 1 as well as true; a flag of its own says yes.
    #[arg(long, env = "LEARNING_GAIN_DEMO", value_name = YES_OR_NO, num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "true", value_parser = BoolishValueParser::new(), hide_possible_values = true)]
    pub demo: Option<bool>,
    /// Address and port to listen on [default: 127.0.0.1:3000]
    #[arg(long, env = "LEARNING_GAIN_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// The address that people type, for links in mails [default: http://ADDRESS:PORT]
    #[arg(long, env = "LEARNING_GAIN_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Write mails into this folder [default: mail, where no smtp-url is set]
    #[arg(long, env = "LEARNING_GAIN_MAIL_FOLDER", value_name = "DIR")]
    pub mail_folder: Option<PathBuf>,
    /// Send mails through this server: smtp://user:password@host:port or smtps://…
    #[arg(long, env = "LEARNING_GAIN_SMTP_URL", value_name = "URL")]
    pub smtp_url: Option<String>,
    /// Who mails come from [default: training@localhost]
    #[arg(long, env = "LEARNING_GAIN_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,
    /// File with the key that signs links and pairs answers [default: learning-gain.key]
    #[arg(long, env = "LEARNING_GAIN_KEY_FILE", value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Log lines as JSON objects
    #[arg(long, env = "LEARNING_GAIN_LOG_JSON", value_name = YES_OR_NO, num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "true", value_parser = BoolishValueParser::new(), hide_possible_values = true)]
    pub log_json: Option<bool>,
    /// Only in the settings file: the database's address
    #[arg(skip)]
    pub database_url: Option<String>,
}

/// Where mails go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailTransport {
    /// One file per mail.
    Folder(PathBuf),
    /// An SMTP server.
    Smtp(String),
    /// The demonstration's mailbox page.
    DemoMailbox,
}

/// Checked settings.
#[derive(Clone, Debug)]
pub struct Config {
    /// Whether this is a demonstration.
    pub demo: bool,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The site's address without a slash at its end.
    pub public_url: String,
    /// Where mails go.
    pub mail: MailTransport,
    /// Who mails come from.
    pub mail_from: String,
    /// The key's file.
    pub key_file: PathBuf,
    /// Whether log lines are JSON.
    pub log_json: bool,
}

/// A setting that cannot be used; the sentence names it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ConfigError {
    /// The file cannot be read or is not TOML of known settings.
    #[error("config: {path}: {cause}")]
    File {
        /// The file.
        path: String,
        /// What is wrong with it.
        cause: String,
    },
    /// Not an address and port.
    #[error("listen: “{0}” is not an address and port such as 127.0.0.1:3000")]
    Listen(String),
    /// Not a web address.
    #[error("public-url: “{0}” is not an address such as https://training.example.org")]
    PublicUrl(String),
    /// Plain HTTP to the outside would send sign-in codes and cookies in the clear.
    #[error("public-url: “{0}” must start with https:// because it is not on this machine")]
    PublicUrlNotSecure(String),
    /// Not the address of a mail server. It is not quoted: it can hold a password.
    #[error(
        "smtp-url: it is not the address of a mail server such as smtps://user:password@mail.example.org:465; it \
         starts with smtp:// or smtps://, and in a password @, / and : are written as %40, %2F and %3A"
    )]
    SmtpUrl,
    /// Mails could not be written there.
    #[error("mail-folder: no file can be written into {folder}: {cause}")]
    MailFolder {
        /// The folder.
        folder: String,
        /// What the system says.
        cause: String,
    },
    /// Not a mail address.
    #[error("mail-from: “{0}” is not an e-mail address")]
    MailFrom(String),
    /// Both places for mails.
    #[error("mail-folder and smtp-url are both set: choose one")]
    TwoTransports,
    /// Where the demonstration's people would get mail.
    #[error(
        "demo and {0} are both set: a demonstration sends no mail, it shows it on its page “Mail sent”; leave {0} out"
    )]
    DemoMail(&'static str),
}

impl ServeArgs {
    /// What a settings file says; nothing where there is none.
    pub fn from_file(path: Option<&Path>) -> Result<Self, ConfigError> {
        let Some(path) = path else { return Ok(Self::default()) };
        let error = |cause: String| ConfigError::File { path: path.display().to_string(), cause };
        let text = std::fs::read_to_string(path).map_err(|cause| error(cause.to_string()))?;
        toml::from_str(&text).map_err(|cause| error(cause.to_string()))
    }

    /// What the file says where neither flag nor variable says anything.
    pub fn or(self, file: Self) -> Self {
        Self {
            demo: self.demo.or(file.demo),
            listen: self.listen.or(file.listen),
            public_url: self.public_url.or(file.public_url),
            mail_folder: self.mail_folder.or(file.mail_folder),
            smtp_url: self.smtp_url.or(file.smtp_url),
            mail_from: self.mail_from.or(file.mail_from),
            key_file: self.key_file.or(file.key_file),
            log_json: self.log_json.or(file.log_json),
            database_url: self.database_url.or(file.database_url),
        }
    }

    /// Checks the settings; the error names the one that cannot be used.
    pub fn check(self) -> Result<Config, ConfigError> {
        let listen_text = self.listen.unwrap_or_else(|| "127.0.0.1:3000".to_owned());
        let listen: SocketAddr = listen_text.parse().map_err(|_| ConfigError::Listen(listen_text))?;
        let public_url = self.public_url.unwrap_or_else(|| format!("http://{listen}"));
        let public_url = check_public_url(public_url.trim_end_matches('/'))?;
        let demo = self.demo.unwrap_or(false);
        let mail = match (self.mail_folder, self.smtp_url) {
            (Some(_), Some(_)) => return Err(ConfigError::TwoTransports),
            (Some(_), None) if demo => return Err(ConfigError::DemoMail("mail-folder")),
            (None, Some(_)) if demo => return Err(ConfigError::DemoMail("smtp-url")),
            (None, Some(url)) => MailTransport::Smtp(check_smtp_url(url)?),
            (Some(folder), None) => MailTransport::Folder(folder),
            (None, None) if demo => MailTransport::DemoMailbox,
            (None, None) => MailTransport::Folder("mail".into()),
        };
        let mail_from = self.mail_from.unwrap_or_else(|| "training@localhost".to_owned());
        if mail_from.parse::<lettre::Address>().is_err() {
            return Err(ConfigError::MailFrom(mail_from));
        }
        Ok(Config {
            demo,
            listen,
            public_url,
            mail,
            mail_from,
            key_file: self.key_file.unwrap_or_else(|| "learning-gain.key".into()),
            log_json: self.log_json.unwrap_or(false),
        })
    }
}

impl Config {
    /// Makes the folder for mails, where they go into one, and tries to write into it: better now than when the first
    /// mail is due.
    pub fn check_mail_folder(&self) -> Result<(), ConfigError> {
        let MailTransport::Folder(folder) = &self.mail else { return Ok(()) };
        let probe = folder.join(format!(".probe-{}", std::process::id()));
        let tried = std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(&probe, ""))
            .and_then(|()| std::fs::remove_file(&probe));
        tried
            .map_err(|cause| ConfigError::MailFolder { folder: folder.display().to_string(), cause: cause.to_string() })
    }

    /// Whether people reach the site over HTTPS; then cookies are `__Host-` and Secure.
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

fn check_smtp_url(url: String) -> Result<String, ConfigError> {
    let parsed: Option<axum::http::Uri> = url.parse().ok();
    let names_server = parsed.is_some_and(|parsed| {
        matches!(parsed.scheme_str(), Some("smtp" | "smtps")) && parsed.host().is_some_and(|host| !host.is_empty())
    });
    // What the sender itself cannot read, such as a port beyond 65535, would be found out with the first mail.
    if !names_server || AsyncSmtpTransport::<Tokio1Executor>::from_url(&url).is_err() {
        return Err(ConfigError::SmtpUrl);
    }
    Ok(url)
}

fn check_public_url(url: &str) -> Result<String, ConfigError> {
    let parsed: axum::http::Uri = url.parse().map_err(|_| ConfigError::PublicUrl(url.to_owned()))?;
    let host = parsed.host().ok_or_else(|| ConfigError::PublicUrl(url.to_owned()))?;
    if parsed.path() != "/" && !parsed.path().is_empty() {
        return Err(ConfigError::PublicUrl(url.to_owned()));
    }
    let on_this_machine = matches!(host, "localhost" | "[::1]" | "0.0.0.0") || host.starts_with("127.");
    match parsed.scheme_str() {
        Some("https") => Ok(url.to_owned()),
        Some("http") if on_this_machine => Ok(url.to_owned()),
        Some("http") => Err(ConfigError::PublicUrlNotSecure(url.to_owned())),
        _ => Err(ConfigError::PublicUrl(url.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(args: ServeArgs) -> ConfigError {
        args.check().unwrap_err()
    }

    #[test]
    fn nothing_said_means_this_machine_and_a_folder() {
        let config = ServeArgs::default().check().unwrap();
        assert_eq!(config.public_url, "http://127.0.0.1:3000");
        assert_eq!(config.mail, MailTransport::Folder("mail".into()));
    }

    #[test]
    fn errors_name_the_setting() {
        let listen = ServeArgs { listen: Some("3000".into()), ..Default::default() };
        assert_eq!(refused(listen), ConfigError::Listen("3000".into()));
        let open = ServeArgs { public_url: Some("http://training.example.org".into()), ..Default::default() };
        assert!(refused(open).to_string().starts_with("public-url: "));
        let both = ServeArgs { mail_folder: Some("m".into()), smtp_url: Some("smtp://h".into()), ..Default::default() };
        assert_eq!(refused(both), ConfigError::TwoTransports);
        for part in ["mail-folder", "smtp-url"] {
            let (mail_folder, smtp_url) = match part {
                "smtp-url" => (None, Some("smtp://mail.example.org".into())),
                _ => (Some("m".into()), None),
            };
            let error = refused(ServeArgs { demo: Some(true), mail_folder, smtp_url, ..Default::default() });
            assert_eq!(error, ConfigError::DemoMail(part));
            assert!(error.to_string().starts_with("demo and "), "{error}");
        }
    }

    #[test]
    fn an_smtp_address_that_no_mail_could_leave_by_is_refused_without_its_password() {
        let args = |url: &str| ServeArgs { smtp_url: Some(url.into()), ..Default::default() };
        for url in ["smtp://", "smtp://host:99999", "smtps://user:secret@", "https://user:secret@host", "mail", ""] {
            let error = refused(args(url));
            assert_eq!(error, ConfigError::SmtpUrl, "{url}");
            assert!(error.to_string().starts_with("smtp-url: ") && !error.to_string().contains("secret"), "{error}");
        }
        for url in ["smtp://localhost:2525", "smtps://user:se%40cret@mail.example.org", "smtp://h:25?tls=required"] {
            assert_eq!(args(url).check().unwrap().mail, MailTransport::Smtp(url.into()));
        }
    }

    #[test]
    fn a_mail_folder_is_made_and_tried() {
        let folder = tempfile::tempdir().unwrap();
        let config = |path: PathBuf| ServeArgs { mail_folder: Some(path), ..Default::default() }.check().unwrap();
        let new = folder.path().join("post").join("out");
        config(new.clone()).check_mail_folder().unwrap();
        assert_eq!(std::fs::read_dir(&new).unwrap().count(), 0, "the probe is gone");
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let error = config(file.join("mail")).check_mail_folder().unwrap_err().to_string();
        assert!(error.starts_with("mail-folder: ") && error.contains("file/mail"), "{error}");
        config_of_smtp().check_mail_folder().unwrap();
    }

    fn config_of_smtp() -> Config {
        ServeArgs { smtp_url: Some("smtp://localhost".into()), ..Default::default() }.check().unwrap()
    }

    #[test]
    fn yes_and_no_of_a_flag_both_weigh_more_than_the_file() {
        for (flag, file, wanted) in [
            (None, None, false),
            (None, Some(true), true),
            (None, Some(false), false),
            (Some(true), Some(false), true),
            (Some(false), Some(true), false),
            (Some(false), None, false),
        ] {
            let [flags, file] = [flag, file].map(|said| ServeArgs { demo: said, log_json: said, ..Default::default() });
            let config = flags.or(file).check().unwrap();
            assert_eq!((config.demo, config.log_json), (wanted, wanted), "{flag:?}");
        }
    }

    #[test]
    fn a_file_fills_what_flags_leave_open_and_unknown_settings_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("board.toml");
        std::fs::write(&path, "listen = \"127.0.0.1:4000\"\nmail-folder = \"post\"\n").unwrap();
        let flags = ServeArgs { listen: Some("127.0.0.1:5000".into()), ..Default::default() };
        let config = flags.or(ServeArgs::from_file(Some(&path)).unwrap()).check().unwrap();
        assert_eq!(config.listen.port(), 5000);
        assert_eq!(config.mail, MailTransport::Folder("post".into()));

        std::fs::write(&path, "lissten = \"127.0.0.1:4000\"\n").unwrap();
        let error = ServeArgs::from_file(Some(&path)).unwrap_err();
        assert!(error.to_string().contains("lissten"), "{error}");
        let missing = ServeArgs::from_file(Some(&folder.path().join("none.toml"))).unwrap_err();
        assert!(missing.to_string().contains("none.toml"), "{missing}");
    }
}
