//! Radicals → the ideographs that they are drawn as.
//!
//! Many fonts hold one glyph for 门 and the radical ⻔ (Noto, Source Han), and programs that write PDFs from the screen name it
//! by the radical, the lower code. The page shows 部门; the text must say it too. No text sets a radical by itself.

use super::text::nfkc;

/// Each radical of the supplement that fonts draw as an ideograph, and that ideograph (Unicode's equivalence).
const SUPPLEMENT: &str = "\
     ⺁厂 ⺂乛 ⺃乚 ⺄乙 ⺅亻 ⺆冂 ⺈刀 ⺉刂 ⺊卜 ⺋㔾 ⺌小 ⺍小 ⺎兀 ⺏尣 ⺐尢 ⺒巳 ⺓幺 ⺔彑 \
     ⺕彐 ⺖忄 ⺗心 ⺘扌 ⺙攵 ⺛旡 ⺜日 ⺝月 ⺞歺 ⺟母 ⺠民 ⺡氵 ⺢氺 ⺣灬 ⺤爫 ⺥爫 ⺦丬 ⺧牛 \
     ⺨犭 ⺩王 ⺫目 ⺬示 ⺭礻 ⺯糹 ⺰纟 ⺱罓 ⺲罒 ⺳㓁 ⺴冗 ⺶羊 ⺹耂 ⺺肀 ⺻聿 ⺼肉 ⺾艹 ⺿艹 \
     ⻀艹 ⻁虎 ⻂衤 ⻃覀 ⻄西 ⻅见 ⻆角 ⻈讠 ⻉贝 ⻋车 ⻌辶 ⻍辶 ⻎辶 ⻏邑 ⻐钅 ⻑長 ⻒镸 ⻓长 \
     ⻔门 ⻖阝 ⻗雨 ⻘青 ⻙韦 ⻚页 ⻛风 ⻜飞 ⻝食 ⻟飠 ⻠饣 ⻢马 ⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻧卤 ⻨麦 \
     ⻩黄 ⻪黾 ⻫斉 ⻬齐 ⻭歯 ⻮齿 ⻯竜 ⻰龙 ⻱龜 ⻲亀 ⻳龟";

/// The ideograph that a radical is drawn as; any other character is itself.
#[inline]
pub fn radical_to_character(c: char) -> char {
    if matches!(c, '\u{2E80}'..='\u{2FDF}') { to_ideograph(c) } else { c }
}

fn to_ideograph(c: char) -> char {
    match c {
        // Its compatibility form is the traditional 戶, while fonts for simplified Chinese draw it as 户.
        '⼾' => '户',
        // Kangxi radicals have decompositions.
        '\u{2F00}'..='\u{2FDF}' => nfkc(c.encode_utf8(&mut [0; 4])).chars().next().unwrap_or(c),
        '\u{2E80}'..='\u{2EFF}' => {
            let ideograph = SUPPLEMENT.split_once(c).and_then(|(_, behind)| behind.chars().next());
            ideograph.unwrap_or(c)
        }
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn radicals_are_the_characters_that_they_look_like() {
        let read = |text: &str| text.chars().map(radical_to_character).collect::<String>();
        assert_eq!(read("⽔利局部⻔收⽀总表"), "水利局部门收支总表");
        assert_eq!(read("公务⽤⻋运⾏费"), "公务用车运行费");
        assert_eq!(read("财政专⼾、⼈⺠、⻳"), "财政专户、人民、龟");
        assert_eq!(read("一般公共预算"), "一般公共预算");
    }

    #[test]
    fn whatever_is_no_radical_stays() {
        for character in "門戶收1⺀ ".chars() {
            assert_eq!(radical_to_character(character), character);
        }
    }
}
