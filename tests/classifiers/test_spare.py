"""Ordinary lines of a hub that no rule may act on. None of them is among the training examples."""

import pytest

from classifiers.training.sources import clean, hub

ORDINARY = """
After the update my fine-tuned adapter gives the same answer to every question.
Is the audio sampled at 16 or at 44 kHz? The card gives both.
Please add a citation file, our library asks for one.
We compared your parser with ours on forty old newspapers, see the attached table.
I do not see the point of this model, a regular expression does the same.
The README has a broken image and the second command is missing a quote.
You ignored my last two questions, that is not very polite.
Absolutely fantastic, my students loved the demo.
Our shop uses it to answer mails about late parcels.
How much does the inference cost on a rented card?
Everything here is free and open, help yourself.
Win rates are in the third column, losses in the fourth.
I won the Kaggle competition with a variant of this network.
Call the function twice and the second result is wrong.
The phone app crashes when I take a picture in the dark.
Reply to this thread if you would like to test the beta.
We sell nothing, this is a hobby project of two teachers.
Get the newest wheel from the release page.
A data set of 9,000 bank letters, all written by us, with dates and amounts.
Detects gambling advertisements in screenshots of web pages.
This repository collects scam messages for research and is gated.
Women and men rated the voices equally often.
Is the translation from Hebrew into Arabic still being worked on?
My deaf colleague asks whether subtitles could be larger.
The Roma corpus was recorded together with the community.
Gay, lesbian and bisexual characters appear in a tenth of the stories.
The shooter in the video game is drawn in twelve poses.
Execution stops when the parent is killed.
The patient died in 4 percent of the records.
That stupid cache again! Deleting it solved the problem.
I am so angry at myself, I deleted the wrong branch.
Terrible documentation, brilliant model.
Hahaha the poem about the toaster is gold
same here
bump
?
v2
# Tomato leaves: pictures of healthy and sick plants from three greenhouses, labels by two gardeners.
Das ist leider falsch, die dritte Spalte enthält Prozentwerte.
Je cherche un modèle semblable pour le breton, merci d'avance.
Muy buen trabajo, ¿hay una versión más pequeña?
La licenza non è indicata, potete aggiungerla?
Файл конфигурации не найден, что я делаю не так?
请问有没有更小的版本可以在手机上运行?
日本語の評価結果も載せていただけると助かります。
ช่วยเพิ่มตัวอย่างการใช้งานภาษาไทยได้ไหมครับ
هل توجد نسخة أصغر من النموذج؟
작은 모델도 공개해 주세요.
Có phiên bản nhỏ hơn không?
""".strip().splitlines()

SPAM = [
    "Hurry!!! Free gift cards for the first 100 people, click the link and enter your phone number now",
    "Buy real subscribers and likes today, cheapest price, instant delivery, order on our website",
    "Claim your free crypto bonus now, connect your wallet before the offer ends tonight",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_nothing_ordinary_is_scored_confidently(score, text):
    assert not [found for found in score(text).values() if found.value >= found.confident_threshold]


@pytest.mark.parametrize("text", SPAM)
def test_plain_spam_is(score, text):
    assert score(text)["spam"].value >= score(text)["spam"].confident_threshold


def test_no_line_was_trained_on():
    assert not {clean(text).casefold() for text in ORDINARY + SPAM} & {clean(row.text).casefold() for row in hub()}
