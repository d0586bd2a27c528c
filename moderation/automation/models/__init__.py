from moderation.automation.models.rules import Rule, RuleRun, RuleSwitch
from moderation.automation.models.screening import Finding, TextBand, TextPrint

__all__ = ["Finding", "Rule", "RuleRun", "RuleSwitch", "TextBand", "TextPrint"]
