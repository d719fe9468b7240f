"""The page for reviewers in a real browser: it asks for nothing, nothing in it acts, and it can be used and read."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import Page

from checker.diagram import diagram
from checker.render.figure import figure
from checker.render.page import page
from checker.render.svg import alone
from tests import handmade
from tests.arguments import hostile, large
from tests.browser.conftest import Looked

Look = Callable[..., Looked]
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True}


@cache
def example() -> str:
    return page(handmade.report(handmade.agent(), handmade.theory()))


@cache
def everything() -> str:
    return page(handmade.whole())


@cache
def middling() -> str:
    return page(handmade.report(large(50)))


@cache
def big() -> str:
    return page(handmade.report(large()))


def scale(page: Page) -> int:
    return int(page.locator(".scale").first.inner_text().removesuffix("%"))


def scrolled(page: Page) -> tuple[float, float]:
    left, top = page.locator(".viewport").first.evaluate("one => [one.scrollLeft, one.scrollTop]")
    return left, top


def wait_until_it_rests(page: Page) -> None:
    """Keys scroll smoothly: what is set while they do is scrolled on from."""
    places = [scrolled(page)]

    def rests() -> bool:
        page.wait_for_timeout(100)
        places.append(scrolled(page))
        return places[-1] == places[-2]

    wait_until(page, rests)


def box(page: Page, name: str) -> Any:
    return page.locator(f".box[aria-label*='. {name}. ']").first


def open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    """Scrolling takes a moment. (The page's policy keeps Playwright from waiting for a condition by itself.)"""
    for _ in range(200):
        if holds():
            return
        page.wait_for_timeout(25)
    raise AssertionError("it does not come to hold")


# -- it is inert -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [everything, middling], ids=["everything", "middling"])
def test_it_asks_for_nothing_and_complains_about_nothing(look: Look, text: Callable[[], str]) -> None:
    seen = look(text())
    seen.page.keyboard.press("/")
    seen.page.keyboard.type("harm")
    assert (seen.asked, seen.complained) == ([], [])
    assert seen.page.locator(".box").first.is_visible()


def test_hostile_text_is_only_text(look: Look) -> None:
    seen = look(page(hostile()))
    found = seen.page
    open_all(found)
    found.evaluate("document.querySelectorAll('*').forEach(one => one.dispatchEvent(new Event('mouseover')))")
    assert found.evaluate("window.pwned") is None
    assert (seen.asked, seen.complained) == ([], [])
    assert found.locator("script").count() == found.locator("style").count() == 1
    assert found.locator("img, iframe, object, embed, base, [onload], [onerror], [onmouseover]").count() == 0
    assert found.locator("a:not([href^='#'])").count() == 0
    assert "<script>window.pwned = 1</script>" in found.locator("main").inner_text()
    assert "{{ 7 * 7 }}" in found.locator("main").inner_text()


def test_the_policy_would_stop_what_slipped_through(look: Look) -> None:
    planted = "<script>window.pwned = 1</script><img src='https://example.org/x.png'><b style='color: red'>x</b>"
    seen = look(example().replace("<main", f"{planted}<main", 1))
    assert seen.page.evaluate("window.pwned") is None
    assert len([told for told in seen.complained if "Content Security Policy" in told]) == 3


def test_a_picture_by_itself_is_only_a_picture(look: Look, tmp_path: Any) -> None:
    for report in (handmade.whole(), hostile()):
        text = alone([figure(diagram(case, "cae"), "cae") for case in report.cases])
        seen = look(f"<!DOCTYPE html>{text.split('?>', 1)[1]}")
        assert seen.page.evaluate("window.pwned") is None
        assert (seen.asked, seen.complained) == ([], [])


# -- the picture -------------------------------------------------------------------------------------------------------


def test_two_hundred_boxes_are_legible(look: Look) -> None:
    found = look(big()).page
    found.get_by_role("button", name="100%").click()
    found.evaluate("document.fonts.ready")
    measured = found.evaluate(
        """() => [...document.querySelectorAll('.box')].map(box => {
            const {x, y, width, height} = box.querySelector('.shape').getBBox();
            const texts = [...box.querySelectorAll('text:not(.mark)')].map(text => {
                const {x, y, width, height} = text.getBBox();
                return [x, y, x + width, y + height, parseFloat(getComputedStyle(text).fontSize)];
            });
            return {shape: [x, y, x + width, y + height], texts};
        })"""
    )
    assert len(measured) >= 200
    for one, other in combinations([m["shape"] for m in measured], 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    for one in measured:
        left, top, right, bottom = one["shape"]
        assert one["texts"]
        for x, y, x2, y2, size in one["texts"]:
            assert left <= x
            assert x2 <= right
            assert top <= y
            assert y2 <= bottom
            assert size >= 10


def test_it_zooms_by_button_key_and_wheel(look: Look) -> None:
    found = look(middling()).page
    for button, grows in (("Zoom in", True), ("Zoom out", False)):
        before = scale(found)
        found.get_by_role("button", name=button).click()
        assert (scale(found) > before) is grows
    found.get_by_role("button", name="100%").click()
    assert scale(found) == 100
    found.locator(".viewport").focus()
    found.keyboard.press("+")
    assert scale(found) == 125
    found.keyboard.press("0")
    fitted = scale(found)
    assert fitted < 100
    area = found.locator(".viewport").bounding_box()
    assert area is not None
    found.mouse.move(area["x"] + 200, area["y"] + 200)
    found.keyboard.down("Control")
    found.mouse.wheel(0, -200)
    wait_until(found, lambda: scale(found) > fitted)
    found.keyboard.up("Control")


def test_it_pans_by_key_and_mouse(look: Look) -> None:
    found = look(middling()).page
    found.get_by_role("button", name="100%").click()
    found.locator(".viewport").focus()
    before = scrolled(found)
    found.keyboard.press("ArrowDown")
    wait_until(found, lambda: scrolled(found)[1] > before[1])
    wait_until_it_rests(found)
    found.locator(".viewport").evaluate("one => { one.scrollLeft = 300; one.scrollTop = 300; }")
    area = found.locator(".viewport").bounding_box()
    assert area is not None
    found.mouse.move(area["x"] + 300, area["y"] + 300)
    found.mouse.down()
    found.mouse.move(area["x"] + 220, area["y"] + 250, steps=4)
    found.mouse.up()
    assert scrolled(found) == (380, 350)
    assert "#" not in found.url, "dragging is no click"


def test_folding_hides_what_hangs_from_a_box_alone(look: Look) -> None:
    found = look(example()).page
    unnoticed, gate = box(found, "ev.unnoticed"), box(found, "ev.gate")
    unnoticed.focus()
    found.keyboard.press("f")
    assert unnoticed.get_attribute("aria-expanded") == "false"
    assert not box(found, "linter_complete").is_visible()
    assert box(found, "study").is_visible(), "another assumption has this evidence too"
    gate.focus()
    found.keyboard.press("f")
    assert not box(found, "study").is_visible()
    found.keyboard.press("f")
    assert box(found, "study").is_visible()
    found.get_by_role("button", name="Goals only").first.click()
    assert box(found, "deployable").is_visible()
    assert not gate.is_visible()
    found.get_by_role("button", name="Unfold all").first.click()
    assert box(found, "linter_complete").is_visible()
    found.locator(".fold").first.click()
    assert not gate.is_visible()


def test_arrow_keys_go_from_box_to_box_and_enter_leads_to_what_is_told(look: Look) -> None:
    found = look(example()).page
    box(found, "deployable").focus()
    found.keyboard.press("ArrowDown")
    found.keyboard.press("ArrowDown")
    label = found.evaluate("document.activeElement.getAttribute('aria-label')")
    assert label.startswith("worry: ")
    box(found, "ev.emergence").focus()
    found.keyboard.press("Enter")
    wait_until(found, lambda: bool(found.evaluate("document.activeElement.tagName === 'SUMMARY'")))
    assert "ev.emergence" in found.evaluate("document.activeElement.textContent")
    assert found.locator("[id='c0-ev.emergence']").is_visible()


# -- the page ----------------------------------------------------------------------------------------------------------


def test_search_finds_in_the_picture_and_below(look: Look) -> None:
    found = look(example()).page
    found.keyboard.press("/")
    found.keyboard.type("whole TRAJECTORY")
    assert re.fullmatch(r"[1-9]\d* found", found.locator("#found").inner_text())
    assert "hit" in (box(found, "ev.emergence").get_attribute("class") or "")
    assert "dim" in (box(found, "ev.gate").get_attribute("class") or "")
    cards = found.locator(".card[data-entry]")
    shown = [card.locator("summary .name").inner_text() for card in cards.all() if card.is_visible()]
    assert "ev.emergence" in shown
    assert "ev.gate" not in shown
    found.keyboard.press("Enter")
    found.keyboard.press("Escape")
    assert found.locator("#found").inner_text() == ""
    assert found.locator(".hit, .dim").count() == 0
    found.locator("#search").fill("no such thing")
    assert found.locator("#found").inner_text() == "0 found"


def test_tab_goes_through_the_page_in_order_and_past_the_picture(look: Look) -> None:
    found = look(page(handmade.report(handmade.agent()))).page
    order = []
    for _ in range(21):
        found.keyboard.press("Tab")
        order.append(
            found.evaluate(
                "(one => one.getAttribute('aria-label') || one.id || one.textContent.trim())(document.activeElement)"
            )
        )
    assert order[:3] == ["Skip to the report", "search", "theme"]
    assert order[3:9] == ["Picture", "Goals", "Claims", "Worries", "Assumptions", "Evidence"]
    assert order[9:13] == ["Findings", "Skip the picture", "Zoom out", "Zoom in"]
    assert order[17].startswith("Picture of the argument")
    assert order[18].startswith("goal: conditional. deployable")
    assert order[19] == "How to read it, and keys"
    found.locator(".skip").nth(1).focus()
    assert found.locator(".skip").nth(1).bounding_box()["x"] >= 0  # type: ignore[index]
    found.keyboard.press("Enter")
    wait_until(found, lambda: found.evaluate("document.activeElement.id") == "c0-after")
    # As late as the browser may tell of the new address: not after whoever is quick has gone on already.
    found.keyboard.press("Tab")
    found.evaluate("dispatchEvent(new HashChangeEvent('hashchange'))")
    assert "deployable" in found.evaluate("document.activeElement.textContent")


def test_a_link_opens_what_it_leads_to(look: Look) -> None:
    found = look(example(), "#c0-ev.gate").page
    assert found.locator("[id='c0-ev.gate']").is_visible()
    assert (
        found.locator("details:has(> [id='c0-ev.gate']) > summary").evaluate("one => one.getBoundingClientRect().top")
        > 40
    )


def test_it_is_read_without_scripts(look: Look) -> None:
    found = look(everything(), "#c0-ev.unnoticed", java_script_enabled=False).page
    assert not found.locator("#search").is_visible()
    assert not found.locator("#theme").is_visible()
    assert not found.get_by_role("button").first.is_visible()
    assert box(found, "ev.emergence").is_visible()
    assert found.get_by_text("step1 is not harmful by itself").is_visible()
    assert found.locator("[id='c0-ev.unnoticed']").is_visible(), "links open what is closed by themselves"


# -- how it looks ------------------------------------------------------------------------------------------------------

_CONTRAST = """selector => {
    const probe = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const rgba = color => { probe.clearRect(0, 0, 1, 1); probe.fillStyle = color; probe.fillRect(0, 0, 1, 1);
                            return [...probe.getImageData(0, 0, 1, 1).data]; };
    const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92
        : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = one => {
        for (; one; one = one.parentElement) {
            const shape = one.matches('.box') ? getComputedStyle(one.querySelector('.shape')).fill : null;
            const color = rgba(shape ?? getComputedStyle(one).backgroundColor);
            if (color[3] === 255) return color;
        }
        return [255, 255, 255];
    };
    return [...document.querySelectorAll(selector)].map(one => {
        const style = getComputedStyle(one);
        const [a, b] = [light(rgba(one instanceof SVGElement ? style.fill : style.color)), light(behind(one))];
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    });
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(look: Look, theme: Any) -> None:
    found = look(everything(), color_scheme=theme).page
    for selector in (
        "p", "dt", "dd", "a:not(.box)", "summary", "button", ".chip", ".role", ".place", ".count", ".word", "pre",
        "label", ".figure text", ".headline",
    ):  # fmt: skip
        ratios = found.evaluate(_CONTRAST, selector)
        assert ratios, selector
        assert min(ratios) >= 4.5, (selector, min(ratios))


def test_dark_and_light_follow_the_system_and_the_button(look: Look) -> None:
    def paper(page: Page) -> str:
        color: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return color

    light, dark = look(example(), color_scheme="light").page, look(example(), color_scheme="dark").page
    was_light, was_dark = paper(light), paper(dark)
    assert was_light != was_dark
    light.get_by_role("button", name="Dark").click()
    dark.get_by_role("button", name="Light").click()
    assert (paper(light), paper(dark)) == (was_dark, was_light)


def test_it_fits_a_phone(look: Look) -> None:
    found = look(everything(), **PHONE).page
    open_all(found)
    assert found.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("scripts", [True, False])
def test_it_is_printed_whole_and_light(look: Look, scripts: bool) -> None:
    found = look(example(), java_script_enabled=scripts, color_scheme="dark").page
    assert not found.get_by_text("Whatever the agent does is a diff").last.is_visible()
    assert found.pdf(format="A4").startswith(b"%PDF-")
    found.emulate_media(media="print")
    assert found.get_by_text("Whatever the agent does is a diff").last.is_visible()
    assert not found.locator(".bar").is_visible()
