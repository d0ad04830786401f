"""Registers by their codes at org-id.guide: what they are called, and where the page of a number is.

A code without a page here is shown as it is. https://org-id.guide/
"""

REGISTERS = {  # code -> name, address with {} for the number
    "BE-BCE_KBO": ("BCE/KBO", "https://kbopub.economie.fgov.be/kbopub/zoeknummerform.html?nummer={}"),
    "FR-INSEE": ("SIREN", "https://annuaire-entreprises.data.gouv.fr/entreprise/{}"),
    "FR-RNA": ("RNA", "https://www.data-asso.fr/annuaire/association/{}"),
    "FR-SIRET": ("SIRET", "https://annuaire-entreprises.data.gouv.fr/etablissement/{}"),
    "GB-CHC": (
        "Charity Commission",
        "https://register-of-charities.charitycommission.gov.uk/charity-details/?regid={}",
    ),
    "GB-COH": ("Companies House", "https://find-and-update.company-information.service.gov.uk/company/{}"),
    "XI-LEI": ("LEI", "https://search.gleif.org/#/record/{}"),
    "XI-ROR": ("ROR", "https://ror.org/{}"),
    "XI-WIKIDATA": ("Wikidata", "https://www.wikidata.org/wiki/{}"),
}


def name_of(agency: str) -> str:
    """What people call a register; its code if that is not known."""
    return REGISTERS.get(agency.replace("BCE-KBO", "BCE_KBO"), (agency, ""))[0]


def page_of(agency: str, number: str) -> str:
    """The address of the page of a number; "" if it is not known."""
    return REGISTERS.get(agency.replace("BCE-KBO", "BCE_KBO"), ("", ""))[1].format(number)
