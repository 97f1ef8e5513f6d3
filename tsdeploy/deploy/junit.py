"""A result as JUnit XML: CI systems show it beside the tests."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from tsdeploy.deploy.result import DeployResult, ObjectResult
from tsdeploy.visible import visible

_FAILED = ("failed", "altered")


def junit_xml(result: DeployResult) -> str:
    """One test case for each object, and one for what else went wrong with the release as a whole."""
    suite = Element("testsuite", name=visible(f"tsdeploy {result.kind} {result.environment}"))
    for item in result.objects:
        _add(suite, result, item)
    paths, said = {item.path for item in result.objects}, {item.message for item in result.objects}
    others = [one for one in result.findings if not one.location or one.location.file not in paths]
    errors = [str(one) for one in others if one.is_error and one.message not in said]
    if errors:
        case = SubElement(suite, "testcase", classname=visible(result.environment), name="release")
        SubElement(case, "error", message=visible(errors[0])).text = "\n".join(map(visible, errors))
    cases = list(suite)
    suite.set("tests", str(len(cases)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    suite.set("errors", str(sum(case.find("error") is not None for case in cases)))
    suite.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))
    suite.set("time", f"{result.seconds:.3f}")
    indent(suite)
    return tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _add(suite: Element, result: DeployResult, item: ObjectResult) -> None:
    case = SubElement(suite, "testcase", classname=visible(f"{result.environment}.{item.action}"))
    case.set("name", visible(item.label))
    case.set("file", visible(item.path))
    case.set("time", f"{item.seconds:.3f}")
    message = visible(item.message or item.status)
    if item.status in _FAILED:
        SubElement(case, "failure", message=message)
    elif item.status == "unknown":
        SubElement(case, "error", message=message)
    elif item.status in ("not sent", "taken back", "not asked"):
        SubElement(case, "skipped", message=message)
