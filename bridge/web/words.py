"""The words around the committee's own, in the languages the pages speak."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "skip": "Skip to the content",
        "path": "Education path",
        "none": "There is no curriculum yet.",
        "members": "For members",
        "stewards": "For stewards",
        "open": "No account needed",
        "account": "Sign-in needed",
        "expected": "What is expected at this step",
        "content": "What is in it",
        "quiz": "quiz, in the course",
        "course": "Go to the course",
        "course_open": "You can read everything here. Sign in to the course to take the quizzes.",
        "course_account": "Sign in with your account to follow the course.",
        "next": "What comes after",
        "people": "Whom you can ask",
        "reached_0": "Nobody has reached it yet",
        "reached_1": "1 person has reached it",
        "reached_n": "{n} people have reached it",
        "state": "State of things",
        "checked": "Last checked",
        "never": "not yet",
        "pull": "Completions",
        "fine": "up to date",
        "late": "late",
        "failed": "last check failed, repeating",
        "waiting": "Waiting for delivery",
        "stuck": "Failed",
        "home": "Back to the education path",
        "error_404": "There is no such page",
        "error_503": "Not available just now",
        "error": "That did not work",
        "advice_404": "Check the address, or start from the education path.",
        "advice_503": "The path is resting for a moment. Please try again in a few minutes.",
        "advice": "Please try again. If it stays like this, tell your education committee.",
        "second": "{n} second ago|{n} seconds ago",
        "minute": "{n} minute ago|{n} minutes ago",
        "hour": "{n} hour ago|{n} hours ago",
        "day": "{n} day ago|{n} days ago",
    },
    "fr": {
        "skip": "Aller au contenu",
        "path": "Parcours de formation",
        "none": "Il n'y a pas encore de parcours.",
        "members": "Pour les membres",
        "stewards": "Pour les délégué·es",
        "open": "Sans compte",
        "account": "Connexion requise",
        "expected": "Ce qui est attendu à cette étape",
        "content": "Ce qu'elle contient",
        "quiz": "questionnaire, dans le cours",
        "course": "Aller au cours",
        "course_open": "Tout se lit ici. Connectez-vous au cours pour les questionnaires.",
        "course_account": "Connectez-vous avec votre compte pour suivre le cours.",
        "next": "La suite",
        "people": "À qui poser vos questions",
        "reached_0": "Personne ne l'a encore franchie",
        "reached_1": "1 personne l'a franchie",
        "reached_n": "{n} personnes l'ont franchie",
        "state": "État des choses",
        "checked": "Dernière vérification",
        "never": "pas encore",
        "pull": "Résultats",
        "fine": "à jour",
        "late": "en retard",
        "failed": "échec, nouvel essai en cours",
        "waiting": "En attente d'envoi",
        "stuck": "En échec",
        "home": "Retour au parcours de formation",
        "error_404": "Cette page n'existe pas",
        "error_503": "Indisponible pour le moment",
        "error": "Cela n'a pas fonctionné",
        "advice_404": "Vérifiez l'adresse, ou repartez du parcours de formation.",
        "advice_503": "Le parcours fait une pause. Réessayez dans quelques minutes.",
        "advice": "Réessayez. Si cela persiste, prévenez votre comité de formation.",
        "second": "il y a {n} seconde|il y a {n} secondes",
        "minute": "il y a {n} minute|il y a {n} minutes",
        "hour": "il y a {n} heure|il y a {n} heures",
        "day": "il y a {n} jour|il y a {n} jours",
    },
}

UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def ago(words: Mapping[str, str], age: timedelta | None) -> str:
    """`40 seconds ago`, in the largest unit that fits; None is `not yet`."""
    if age is None:
        return words["never"]
    seconds = int(age.total_seconds())
    unit, size = next((each for each in UNITS if seconds >= each[1]), UNITS[-1])
    one, many = words[unit].split("|")
    n = seconds // size
    return (one if n == 1 else many).format(n=n)


def reached(words: Mapping[str, str], n: int) -> str:
    """How many people have reached a milestone, as a sentence."""
    return words[f"reached_{n}" if n < 2 else "reached_n"].format(n=n)
