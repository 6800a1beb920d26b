"""Names for children and staff who do not exist, of the backgrounds an English authority's children have."""

from random import Random

GIVEN = {
    "WHITE": {
        "F": "Alice Beth Chloe Daisy Ella Freya Grace Hattie Imogen Jess Kayla Lacey Maisie Niamh Orla Poppy Rosie",
        "M": "Alfie Ben Callum Dylan Ethan Finley George Harvey Isaac Jake Kian Logan Mason Noah Oscar Reece Toby",
    },
    "BLACK": {
        "F": "Abena Adaeze Chidinma Efua Folake Imani Kezia Makena Naomi Nia Shanice Temi Yetunde Zuri",
        "M": "Ade Chike Dwayne Emeka Jaden Kofi Kwame Malachi Obinna Rashaun Sefu Tariq Tunde Zion",
    },
    "ASIAN": {
        "F": "Aisha Anjali Fatima Hira Jasmin Kavya Maryam Meena Nadia Priya Rukhsana Sana Simran Zainab",
        "M": "Adil Arjun Bilal Dev Faisal Hamza Imran Jai Kabir Omar Rahul Sameer Vikram Yusuf",
    },
    "MIXED": {
        "F": "Amara Bella Cassie Deja Elodie Jada Kiera Leila Mia Nyah Paige Sienna Tia Yasmin",
        "M": "Aaron Caleb Dante Elijah Jayden Kai Leon Marcus Nathan Rio Theo Tyrese Xavier Zak",
    },
    "OTHER": {
        "F": "Aster Dilan Eden Hanan Layla Linh Mei Nour Roza Samira Selam Thuy",
        "M": "Ahmad Binh Daniyal Hewa Jamal Karwan Minh Mustafa Nasir Rebin Samuel Yonas",
    },
}
FAMILY = {
    "WHITE": "Ashdown Barrowby Calder Denholm Elwick Fallowes Garstang Hartlow Inchley Jessop Kettlewick Larkham"
    " Marlowe Netherby Oakshott Penrose Quill Ravensby Selwick Tarrant Underhay Varley Wetherall Yarrow",
    "BLACK": "Abara Boakye Chukwu Danso Ekwueme Forde Gyamfi Idowu Johnson Lawal Mensah Nwosu Osei Pinnock Sowande",
    "ASIAN": "Akhtar Begum Chowdhry Dhillon Farooqi Gill Hussain Iqbal Joshi Kaur Mistry Nagra Patel Rahman Sandhu",
    "MIXED": "Adlam Barrett Cole Dacres Ellison Francis Grant Hylton Ingram Lowell Morris Palmer Reid Samuels Thorne",
    "OTHER": "Abdi Berhane Daoud Faraj Gebre Haile Karim Le Mahmoud Nguyen Omeri Rashid Saleh Tekle Zhang",
}
# How often a background is met, and the SSDA903 ethnicity codes in it.
BACKGROUNDS = {
    "WHITE": (70, ("WBRI", "WBRI", "WBRI", "WBRI", "WBRI", "WBRI", "WOTH", "WIRI", "WROM", "WIRT")),
    "MIXED": (11, ("MWBC", "MWBA", "MWAS", "MOTH")),
    "BLACK": (7, ("BCRB", "BAFR", "BOTH")),
    "ASIAN": (6, ("APKN", "ABAN", "AIND", "AOTH")),
    "OTHER": (6, ("OOTH", "CHNE")),
}
STAFF_GIVEN = (
    "Amina Bernard Catrin Dominic Esther Farah Gareth Harpreet Ines Joanna Kelechi Lorna Magnus Nasreen"
    " Owen Petra Quentin Rhiannon Sunil Tamsin Ursula Vincent Winifred Xanthe Yvette Zachary Bridget"
    " Clement Delphine Edgar Florence Gita Hector Ingrid Jerome Keziah Lionel Mabel Nikhil Odette Piers"
    " Rowena Stellan Thea Ulric Verity"
)
STAFF_FAMILY = (
    "Applegarth Beckwith Coldbeck Dunmore Everard Fenwick Goodall Hollis Ibbotson Jellicoe Kirkbride"
    " Lomax Merrick Nightingale Ormerod Pickersgill Quarmby Rushworth Stavely Thackray Upton Vickers"
    " Whitlock Yeadon Adeyemi Banerjee Castellan Dhaliwal Eze Farquhar Greenhalgh Habib Ikande Jarrold"
    " Khalil Lavelle Mbeki Nordstrom Okonjo Prideaux Qureshi Rosedale Sinclair Trevanion Uddin Valentine"
)


def background(rng: Random) -> str:
    """One of the backgrounds, as often as it is met."""
    return rng.choices(list(BACKGROUNDS), [share for share, _ in BACKGROUNDS.values()])[0]


def child_name(rng: Random, of: str, sex: str) -> tuple[str, str]:
    """A given and a family name."""
    return rng.choice(GIVEN[of][sex].split()), rng.choice(FAMILY[of].split())


def ethnicity(rng: Random, of: str) -> str:
    """An SSDA903 ethnicity code of a background."""
    return rng.choice(BACKGROUNDS[of][1])


def staff_name(number: int) -> tuple[str, str]:
    """The given and family name of the n-th member of staff: no two are alike in a staff of two thousand."""
    given, family = STAFF_GIVEN.split(), STAFF_FAMILY.split()
    return given[number % len(given)], family[(number * 7 + number // len(given)) % len(family)]


def postcode(rng: Random) -> str:
    """A postcode of an area that does not exist: none begins with Q."""
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    return f"Q{rng.choice('XV')}{rng.randint(1, 19)} {rng.randint(1, 9)}{rng.choice(letters)}{rng.choice(letters)}"
