/** Cities, abbreviations and one-zone countries that people write where a zone of the IANA data is asked for. */
const placesOf: Readonly<Record<string, string>> = {
  'Africa/Cairo': 'egypt alexandria',
  'Africa/Johannesburg': 'southafrica capetown pretoria durban',
  'Africa/Lagos': 'nigeria abuja',
  'Africa/Nairobi': 'kenya mombasa',
  'America/Argentina/Buenos_Aires': 'argentina rosario',
  'America/Bogota': 'colombia medellin',
  'America/Chicago': 'cst cdt dallas houston austin minneapolis neworleans stlouis',
  'America/Denver': 'mst mdt saltlakecity',
  'America/Lima': 'peru',
  'America/Los_Angeles': 'pst pdt sanfrancisco seattle sandiego portland lasvegas california',
  'America/Mexico_City': 'guadalajara',
  'America/New_York': 'est edt washington boston miami atlanta philadelphia baltimore newyorkcity',
  'America/Sao_Paulo': 'brt brasilia riodejaneiro rio belohorizonte curitiba portoalegre',
  'America/Toronto': 'ottawa montreal quebec',
  'Asia/Ho_Chi_Minh': 'vietnam hanoi',
  'Asia/Dubai': 'abudhabi uae unitedarabemirates',
  'Asia/Jerusalem': 'israel telaviv',
  'Asia/Karachi': 'pakistan islamabad lahore',
  'Asia/Kolkata': 'ist india mumbai delhi newdelhi bangalore bengaluru chennai hyderabad pune',
  'Asia/Manila': 'philippines cebu quezoncity',
  'Asia/Riyadh': 'saudiarabia jeddah mecca medina dammam',
  'Asia/Seoul': 'southkorea korea busan',
  'Asia/Shanghai': 'china beijing peking shenzhen guangzhou',
  'Asia/Singapore': 'sgt singapur',
  'Asia/Tokyo': 'jst japan osaka kyoto nagoya yokohama kobe fukuoka sapporo',
  'Australia/Sydney': 'canberra',
  'Europe/Amsterdam': 'netherlands rotterdam denhaag thehague utrecht eindhoven',
  'Europe/Berlin':
    'cet cest mez germany deutschland munich munchen muenchen frankfurt hamburg cologne koln stuttgart dusseldorf leipzig',
  'Europe/Brussels': 'belgium antwerp',
  'Europe/Dublin': 'ireland cork',
  'Europe/Istanbul': 'turkey ankara izmir',
  'Europe/Kyiv': 'ukraine lviv',
  'Europe/London':
    'gmt bst uk unitedkingdom england scotland manchester birmingham edinburgh glasgow leeds',
  'Europe/Madrid': 'barcelona valencia seville',
  'Europe/Paris': 'france lyon marseille toulouse',
  'Europe/Rome': 'italy milan milano turin naples',
  'Europe/Stockholm': 'sweden gothenburg malmo',
  'Europe/Vienna': 'austria wien graz salzburg',
  'Europe/Warsaw': 'poland krakow gdansk',
  'Europe/Zurich': 'switzerland schweiz geneva basel bern lausanne',
  'Pacific/Auckland': 'newzealand wellington christchurch',
};

const zones = new Map(
  Object.entries(placesOf).flatMap(([zone, places]) =>
    places.split(' ').map((place) => [place, zone] as const),
  ),
);

/** `place` in small letters of a–z only. */
export const zoneOfPlace = (place: string): string | null => zones.get(place) ?? null;
