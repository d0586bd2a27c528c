from moderation.automation.models.backtests import Backtest, BacktestCase
from moderation.automation.models.rules import Rule, RuleRun, RuleSwitch
from moderation.automation.models.screening import Finding, TextBand, TextPrint

__all__ = ["Backtest", "BacktestCase", "Finding", "Rule", "RuleRun", "RuleSwitch", "TextBand", "TextPrint"]
