"""The report as JUnit XML, which continuous integration reads: a test a case, failed with why it failed."""

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from bot.show.clean import clean
from evals.report import Report, metrics
from evals.row import Row


def junit(report: Report) -> str:
    """The run as an XML text; each figure is a property of the suite."""
    suite = TestSuite(clean(report.suite))
    if report.skipped:
        case = TestCase("suite", classname=clean(report.suite))
        case.result = [Skipped(clean(report.skipped))]
        suite.add_testcase(case)
    for name, mean in metrics(report).items():
        suite.add_property(name, f"{mean.mean:.4f} [{mean.low:.4f}, {mean.high:.4f}] n {mean.n}")
    for key, attempts in report.cases.items():
        for row in attempts:
            suite.add_testcase(_case(report.suite, key if len(attempts) == 1 else f"{key} ({row.attempt})", row))
    whole = JUnitXml(clean(report.suite))
    whole.add_testsuite(suite)
    whole.update_statistics()  # type: ignore[no-untyped-call]
    text: bytes = whole.tostring()  # type: ignore[no-untyped-call]
    return text.decode("utf-8") + "\n"


def _case(suite: str, name: str, row: Row) -> TestCase:
    case = TestCase(clean(name, lines=False), classname=clean(suite), time=row.timing_ms["total"] / 1000)
    if row.error or not row.passed:
        result = Error(clean(row.why), "error") if row.error else Failure(clean(row.why), row.outcome)
        result.text = clean(f"{row.question}\n{row.answer}")
        case.result = [result]
    return case
