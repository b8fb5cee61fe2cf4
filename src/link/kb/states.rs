//! Which state does "Calif." stand for?

/// Abbreviations of news agencies (the Associated Press stylebook) and of the post for states of the United States, provinces of Canada and states of
/// Australia, folded.
const STATES: &[(&str, &str)] = &[
    ("ala", "Alabama"), ("al", "Alabama"), ("ak", "Alaska"), ("ariz", "Arizona"), ("az", "Arizona"), ("ark", "Arkansas"),
    ("ar", "Arkansas"), ("calif", "California"), ("ca", "California"), ("colo", "Colorado"), ("co", "Colorado"),
    ("conn", "Connecticut"), ("ct", "Connecticut"), ("del", "Delaware"), ("de", "Delaware"), ("fla", "Florida"), ("fl", "Florida"),
    ("ga", "Georgia"), ("hi", "Hawaii"), ("id", "Idaho"), ("ill", "Illinois"), ("il", "Illinois"), ("ind", "Indiana"),
    ("in", "Indiana"), ("ia", "Iowa"), ("kan", "Kansas"), ("ks", "Kansas"), ("ky", "Kentucky"), ("la", "Louisiana"),
    ("me", "Maine"), ("md", "Maryland"), ("mass", "Massachusetts"), ("ma", "Massachusetts"), ("mich", "Michigan"),
    ("mi", "Michigan"), ("minn", "Minnesota"), ("mn", "Minnesota"), ("miss", "Mississippi"), ("ms", "Mississippi"),
    ("mo", "Missouri"), ("mont", "Montana"), ("mt", "Montana"), ("neb", "Nebraska"), ("ne", "Nebraska"), ("nev", "Nevada"),
    ("nv", "Nevada"), ("nh", "New Hampshire"), ("nj", "New Jersey"), ("nm", "New Mexico"), ("ny", "New York"),
    ("nc", "North Carolina"), ("nd", "North Dakota"), ("oh", "Ohio"), ("okla", "Oklahoma"), ("ok", "Oklahoma"), ("ore", "Oregon"),
    ("or", "Oregon"), ("pa", "Pennsylvania"), ("penn", "Pennsylvania"), ("ri", "Rhode Island"), ("sc", "South Carolina"),
    ("sd", "South Dakota"), ("tenn", "Tennessee"), ("tn", "Tennessee"), ("tex", "Texas"), ("tx", "Texas"), ("ut", "Utah"),
    ("vt", "Vermont"), ("va", "Virginia"), ("wash", "Washington"), ("wa", "Washington"), ("dc", "District of Columbia"),
    ("wva", "West Virginia"), ("wv", "West Virginia"), ("wis", "Wisconsin"), ("wi", "Wisconsin"), ("wyo", "Wyoming"),
    ("wy", "Wyoming"), ("ont", "Ontario"), ("on", "Ontario"), ("que", "Quebec"), ("bc", "British Columbia"), ("alta", "Alberta"),
    ("ab", "Alberta"), ("man", "Manitoba"), ("sask", "Saskatchewan"), ("nsw", "New South Wales"), ("qld", "Queensland"),
];

/// The name of the state that follows a city: "Calif.", "D.C.", "NY".
pub(super) fn state(tail: &str) -> Option<&'static str> {
    let key: String = tail.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    STATES.iter().find(|(short, _)| *short == key).map(|(_, name)| *name)
}
