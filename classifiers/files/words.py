"""What people read for the codes of findings, reasons and signals, which are stored without words."""

from django.utils.translation import gettext_lazy as _

CODES = {
    "dangerous_import": _("Loading this file can run harmful code"),
    "suspicious_import": _("Loading this file runs code that we do not know"),
    "wrong_format": _("The file is not what its name says"),
    "broken_header": _("The header of the weights does not fit the file"),
    "huge_header": _("The header of the weights is far larger than any that weights need"),
    "lambda_layer": _("Loading this model runs code that is stored in it"),
    "foreign_code": _("Loading this model imports code from outside of its library"),
    "known_bad": _("The file is on a list of files that are known to do harm"),
    "invalid_manifest": _("The image was changed after its provenance was signed"),
    "aws_key": _("An AWS key"),
    "azure_key": _("An Azure storage key"),
    "password_in_address": _("An address with a password"),
    "discord_token": _("A Discord bot token"),
    "github_token": _("A GitHub token"),
    "gitlab_token": _("A GitLab token"),
    "google_key": _("A Google API key"),
    "hub_token": _("A hub token"),
    "json_web_token": _("A JSON web token"),
    "mailchimp_key": _("A Mailchimp key"),
    "npm_token": _("An npm token"),
    "openai_key": _("An OpenAI key"),
    "private_key": _("A private key"),
    "pypi_token": _("A PyPI token"),
    "sendgrid_key": _("A SendGrid key"),
    "slack_token": _("A Slack token"),
    "square_token": _("A Square token"),
    "stripe_key": _("A Stripe key"),
    "telegram_token": _("A Telegram bot token"),
    "twilio_key": _("A Twilio key"),
}

REASONS = {
    "beginning": _("We read the beginning of this long text only."),
    "too_large": _("The file is too large for us to read it whole."),
    "too_slow": _("The file took too long to read."),
    "broken": _("The file is damaged, or made so that we cannot read it."),
    "archive": _("We cannot look into archives of this kind."),
    "failed": _("The file made our scanner fail."),
}

PROVENANCE = {
    "valid": _("The image declares its provenance, and is as it was signed."),
    "invalid": _("The image declares its provenance, but was changed after that was signed."),
    "unreadable": _("The image declares its provenance in a way that we cannot read."),
    "remote": _("The image declares its provenance at another address, where we do not look."),
}

SIGNALS = {
    ("safety_checker", "present"): _("The pipeline ships its safety checker."),
    ("safety_checker", "removed"): _("The pipeline comes without its safety checker, or does not ask for it."),
    ("safety_checker", "null"): _("The pipeline switches its safety checker off."),
    ("safety_checker", "not_applicable"): _("This is no pipeline that comes with a safety checker."),
    ("safety_checker", "unreadable"): _("We cannot read what the pipeline consists of."),
    ("safe_pipeline", "yes"): _("It uses a pipeline with built-in safety guidance."),
    ("watermark", "declared"): _("It says that what it generates carries a watermark."),
    ("watermark", "off"): _("It switches the watermark off."),
    ("weights", "safetensors"): _("The weights come in a format that cannot run code."),
    ("weights", "both"): _("The weights come as pickles too, which can run code when they are loaded."),
    ("weights", "pickle"): _("The weights come only as pickles, which can run code when they are loaded."),
}
