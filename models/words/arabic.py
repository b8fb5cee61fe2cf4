"""Writes arabic.tsv: words that names in Arabic are made of, by which a letter is known that is written together with a name.

    python models/words/arabic.py

Names of countries, areas, cities and bodies are those of ../kb (other_names.tsv, other_by_hand.tsv) that are written in Arabic letters
alone. The other words are by hand, from general knowledge of Arabic. The same tables give the same bytes.
"""

import re
from pathlib import Path

HERE = Path(__file__).parent
KB = HERE.parent / "kb"
# No letters that only Persian or Urdu has.
ARABIC = re.compile(r"[\u0621-\u063a\u0641-\u064a]+( [\u0621-\u063a\u0641-\u064a]+)*")

# Nouns that names of bodies and places begin with.
NOUNS = """أكاديمية اتحاد إدارة إذاعة إقليم ائتلاف بحر بحيرة بلدة بلدية بنك بورصة بيت تحالف تلفزيون تنظيم تيار جائزة جامع جامعة جبال جبل جبهة
جريدة جزر جزيرة جسر جماعة جمعية جمهورية جنوب جهاز جيش حركة حزب حلف حي خليج دار دائرة ديوان رابطة سد سفارة سلطنة سوق سلسلة شارع شبكة شركة شرق شمال
صحراء صحيفة صندوق ضاحية طريق غرب غرفة فرقة قرية قسم قصر قضاء قناة قلعة كتائب كتلة كلية لجنة لواء مؤسسة مبنى متحف مجلة مجلس مجمع مجموعة محافظة
محكمة محطة مخيم مدرسة مدينة مديرية مركز مسجد مستشفى مصرف مصفاة مضيق مطار معبر معهد معمل مكتب مكتبة ملعب مملكة منتخب منتدى منطقة منظمة مهرجان موقع ميدان
ميليشيا ميناء نادي نقابة نهر هضبة هيئة واحة وادي وحدة ورشة وزارة وسط وفد وقف وكالة ولاية""".split()

# Frequent given names, and the words that names of persons begin with.
GIVEN = """آدم آمنة أبو أحمد أسامة أسعد أسماء أشرف أكرم أم أمل أمير أميرة أمين أمينة أنس أنور أيمن إبراهيم إدريس إسحاق إسماعيل إلياس إيمان إيناس إيهاب ابن باسم بدر
بسام بسمة بشار بشير بكر بلال بندر بهاء تامر توفيق ثامر جابر جاسم جعفر جلال جمال جميل جنان جهاد جواد جوزيف جورج حاتم حازم حامد حسام حسان حسن حسناء حسين حليمة حمد حمزة
حنان حيدر خالد خديجة خليفة خليل دعاء دينا راشد رامي رانيا رباب رشا رشيد رضا رنا رياض ريم زكريا زهراء زياد زيد زين زينب سارة سالم سامي سامية سعاد سعد سعود سعيد سلطان سلمان
سليم سليمان سمير سميرة سناء سهى سيف شادي شريف شيماء صابر صالح صباح صبري صلاح ضياء طارق طاهر طلال طه عائشة عادل عامر عباس عبد عبدالرحمن عبدالعزيز عبدالله عبير عثمان عدنان
عزيز عصام علاء علي عماد عمار عمر عمرو عيسى غادة غازي غسان فؤاد فادي فارس فاروق فاطمة فايز فرح فريد فهد فواز فوزي فيصل قاسم كامل كريم كمال لطيفة لمى لميس لؤي ليلى ماجد مازن مالك
مأمون ماهر محسن محمد محمود مروان مريم مسعود مصطفى معاذ معتز منال منصور منى منيرة مها مهدي موسى ميشيل ناجي نادر نادية ناصر نايف نبيل نجلاء نجيب نزار نسرين نهى نواف نور نورا هادي
هاشم هالة هاني هبة هدى هشام هناء هند هيثم وائل وليد وسام وفاء ياسر ياسين يحيى يزيد يوسف يونس""".split()

# Names that begin with a letter that is else written together with names. Of places and bodies the list is to have all that news often names with
# the letter of "and": without it the letter is taken for that word.
NATIVE = """بابل باريس باكستان بالتيمور باليرمو بالما بغداد بيروت فالنسيا فاليتا فرنسا فلسطين فيينا كاليفورنيا كندا كوريا لبنان لندن ليبيا واترلو واتس واتساب واجادوغو
واحات وارتسيلا وارسو وارنر واسط واشنطن واغادوغو واكانوهي والت والتر والس والونيا والي وامبا وانا واندا واو وايت وايتهول وايكاتو واينستين وايومنغ وتد وجدة ود ودان ودرمان ورد وردة
ورزازات ورقلة وستمنستر وسترن وستفاليا وستنغهاوس وضاح وعد وفيق ولاء ولفرهامبتون ولفسبورغ ولونغونغ وليام ونجان وندسور ونستون ونيبيغ وهبة وهران وهيب ووتر ووتفورد ووترغيت ووتش
وودز وودستوك وودسايد وورلد ووكر وول وولستريت وولف وولفرهامبتون وولمارت ووهان ويانغ ويب ويبرو ويتني ويد ويرتنبرغ ويست ويستبروك ويستلاند ويستمنستر ويسترن ويسكونسن ويكيبيديا ويكيليكس
ويل ويلز ويلسون ويلنغتون ويلينغتون ويليام ويليامز ويمبلدون وين ويندسور ويندوز وينيبيغ ويونغ وداد وجدي وجيه""".split()


def main() -> None:
    roles: dict[str, str] = {}
    for path in ("other_names.tsv", "other_by_hand.tsv"):
        for row in (KB / path).read_text("utf-8").splitlines()[1:]:
            for name in row.split("\t")[1].split("|"):
                if ARABIC.fullmatch(name) and len(name) > 2:
                    roles[name] = "name"
    for role, words in (("noun", NOUNS), ("given", GIVEN), ("name", NATIVE)):
        for word in words:
            roles.setdefault(word, role)
    with open(HERE / "arabic.tsv", "w", encoding="utf-8", newline="\n") as file:
        file.write("word\trole\n")
        for word in sorted(roles, key=str.encode):
            file.write(f"{word}\t{roles[word]}\n")
    print(f"arabic.tsv: {len(roles)} words")


if __name__ == "__main__":
    main()
