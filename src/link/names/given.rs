//! Given names: nicknames and gender.
//!
//! Hand-written lists of common names; what is not listed is unknown.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use foldhash::fast::FixedState;

/// Whose a given name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gender {
    Female,
    Male,
}

/// What is known of a given name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Given {
    /// Names of one group are forms of each other. `None` if only the gender is known.
    pub(super) group: Option<u16>,
    pub(super) gender: Option<Gender>,
    /// Whether it may also be a second name that is the father's, as in Hamza Shehbaz Sharif, son of Shehbaz Sharif.
    pub(super) may_be_fathers: bool,
}

impl Given {
    /// Looks up a token.
    pub(super) fn find(token: &str) -> Option<Self> {
        static KNOWN: LazyLock<HashMap<&'static str, Given, FixedState>> = LazyLock::new(known);
        KNOWN.get(token).copied()
    }
}

/// Whether a token may also be a second name that is the father's, by the long list, which tells nothing else.
pub(super) fn may_be_fathers(token: &str) -> bool {
    static FATHERS_TOO: LazyLock<HashSet<&'static str, FixedState>> =
        LazyLock::new(|| OTHER_FATHERS.split_whitespace().collect());
    FATHERS_TOO.contains(token)
}

fn known() -> HashMap<&'static str, Given, FixedState> {
    let mut known: HashMap<&'static str, Given, FixedState> = HashMap::default();
    for (gender, list) in [(Gender::Female, FEMALE), (Gender::Male, MALE), (Gender::Male, FATHERS)] {
        let may_be_fathers = list == FATHERS;
        for name in list.split_whitespace() {
            known.insert(name, Given { group: None, gender: Some(gender), may_be_fathers });
        }
    }
    let mut group = 0;
    for (gender, lines) in [(Gender::Female, FEMALE_FORMS), (Gender::Male, MALE_FORMS)] {
        for line in lines.lines().filter(|line| !line.trim().is_empty()) {
            group += 1;
            for name in line.split_whitespace() {
                // A form of several names (Alex, Sam) is in none of their groups.
                known
                    .entry(name)
                    .and_modify(|given| {
                        given.gender = given.gender.filter(|known| *known == gender);
                        given.group = if given.group.is_none() { Some(group) } else { None };
                    })
                    .or_insert(Given { group: Some(group), gender: Some(gender), may_be_fathers: false });
            }
        }
    }
    known
}

const FEMALE_FORMS: &str = "
elizabeth liz lizzie beth betty eliza elisabeth
katherine kate katie kathy cathy catherine kathryn
margaret maggie meg peggy
patricia patty trish
rebecca becky
susan sue susie suzanne
deborah debbie deb
barbara barb
jennifer jenny jen
victoria vicky
jacqueline jackie
theresa teresa terry
christina tina christine chrissy
pamela pam
judith judy
nancy nan
alexandra sandra
ekaterina yekaterina katerina
";

const MALE_FORMS: &str = "
william bill billy will willie
robert bob bobby rob robbie
richard dick rick ricky rich
james jim jimmy jamie
john johnny jack jon
joseph joe joey
michael mike mick mickey
thomas tom tommy
charles charlie chuck
edward ed eddie ted teddy ned
anthony tony
david dave davy
daniel dan danny
stephen steve steven
matthew matt
andrew andy drew
christopher chris
nicholas nick
benjamin ben benny benjy
gregory greg
jeffrey jeff geoffrey
kenneth ken kenny
lawrence larry laurence
leonard len lenny
frederick fred freddie
gerald gerry jerry
harold harry
henry hank
peter pete
philip phil phillip
raymond ray
ronald ron ronnie
samuel sam sammy
timothy tim
walter walt
vincent vince
zachary zach zack
donald don donnie
douglas doug
francis frank francisco
albert bert
alfred alf
alexander alex sasha aleksandr alexandre alejandro aleksander
vladimir volodymyr uladzimir
mikhail mykhailo misha
nikolai mykola
dmitry dima
evgeny yevgeny evgeni yevgeni
jose pepe
hassan hasan hassen hasen
hussein hussain husain husayn husein hossein hosein hossain hoseyn hosseyn huseyin
mohammed mohd mohammad muhammad mohamed muhammed mohamad muhamad mohamud mehmed mehmet
";

const FEMALE: &str = "
maria mary anna anne ann sarah sara fatima fatma fatemeh aisha ayesha khadija zainab zaynab zeinab maryam mariam mariyam
benazir maryum hina sherry nafisa nusrat shireen asma sanam malala mahnaz masoumeh narges nasrin shirin parvin leila layla laila
hasina khaleda indira sonia priyanka mamata sushma nirmala jayalalitha olga irina natalia natalya tatiana elena svetlana
yulia ludmila larisa galina angela ursula marine giorgia hillary michelle melania ivanka kamala nikki condoleezza madeleine laura
linda carol emily emma julia julie jane helen alice amy jessica lisa karen ruth rosa carmen ana lucia gabriela claudia monica
isabel alejandra adriana andrea beatriz blanca cecilia diana elvira esperanza guadalupe luisa marta mercedes patricia raquel silvia
sofia teresa veronica sakinah safiya samira rania nadia amina halima hafsa ruqayya sumaya zahra samina shazia bushra ghazala
";

const FATHERS: &str = "
ahmad ahmed ali hassan hasan hussain hussein husain husayn omar umar usman uthman abdullah abdallah ibrahim ismail yusuf yousef
yousuf khalid khaled tariq tarek bilal hamza hamid hamed mahmoud mahmud mahmood mustafa mostafa imran nawaz shehbaz shahbaz asif
bilawal ishaq ayaz javad abbas reza mohsen mehdi mahdi saeed said sayed qasem qassem kassim akbar hashemi hamdan hafiz masood
masoud osama usama ayman saddam bashar hafez jamal kamal anwar salman faisal fahd talal walid  zulfikar murtaza moonis pervaiz
hossein hosein hossain husein arif atif hashim hisham nazir nazim karim rahim khalil jalil jamil sajid majid wajid shahid zahid
";

const OTHER_FATHERS: &str = "
adnan akram alaa amjad ammar amr anas anis anwar arsalan arshad asad asghar ashraf aslam atef awad azhar aziz azmi
babar badr bahaa baker baqir basel basem basim bassam bassel burhan daoud dawood dawud ehsan emad fadel fadi fadl
fakhr faraj farid farooq faruk faruq fathi fawaz fawzi fayez fayyaz feroz firas fouad fuad ghassan ghazi habib haidar
haider haitham hakim halim hani haroon harun hashem hayat hayder hazem hisham husam hussam ihsan ikram ilyas imad
iqbal irfan isa issa izzat jaafar jabbar jabir jafar jalal jawad jihad junaid kashif kazem kazim khurram kosrat latif
luay luqman maher mahir majdi mamdouh mamoun mansour mansur marwan masud mazen mazin mohsin moin monir mounir muhsin
mujahid munir murad musa mushtaq muslim muzaffar nabil nadeem nader nadim nadir naeem naim najib nasir nasser naveed
nayef nizar nouri omran othman qais qaiser qasim qusay raed rafi rafik rafiq ramadan ramez rami ramzi rashad rasheed
rashid rasool rauf riad riaz rifat riyad rizwan saad sabah sabri sadiq saeb safdar safwan sajjad salah saleem saleh
salih salim samer sami samir sardar sarfraz satam sattar shafiq shahbaz shakeel shaker shakil shakir shams sharif
shaukat sherif shoaib sohail suhail sulaiman suleiman suleman sultan taha taher tahir taimur talib tamim tanveer
taufiq tawfik tawfiq taymur tayseer uday umair usama wael waheed waleed waseem wasim yahya yaqub yaser yasir yasser
younis younus yunus zafar zaid zaki zaman zayd zayed zia ziad ziyad zubair zuhair
";

const MALE: &str = "
george barack ronald joe
emmanuel olaf boris tony gordon paul mark simon kevin brian eric carlos juan luis pedro miguel jorge fernando antonio manuel
jesus ramon raul oscar hector hugo cesar alberto eduardo roberto ricardo mario javier rafael sergio victor ivan igor oleg sergei
sergey yuri yury viktor boris pavel anatoly konstantin andrei andrey alexei aleksei maxim roman narendra rahul
rajiv sanjay amit arvind manmohan atal
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_share_a_group_and_ambiguous_forms_none() {
        let group = |name| Given::find(name).and_then(|given| given.group);
        assert_eq!(group("bill"), group("william"));
        assert!(group("bill").is_some());
        assert_ne!(group("bill"), group("bob"));
        assert_eq!(Given::find("qureshi"), None);
        assert!(may_be_fathers("rafik") && !may_be_fathers("hariri"));
        assert_eq!(Given::find("terry").and_then(|given| given.gender), Some(Gender::Female));
    }
}
