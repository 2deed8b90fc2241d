//! Radicals that stand for the characters which they look like.
//!
//! Many fonts draw 门 and the radical ⻔ with one glyph, and programs that write PDFs from the screen (browsers print Noto so)
//! name the glyph by the radical. The page shows 部门; the text must say it too.

use unicode_normalization::UnicodeNormalization;

/// CJK Radicals Supplement, the ones with the shape of a whole character; Unicode has no decomposition for them.
const SUPPLEMENT: &str = "⺁厂⺄乙⺈刀⺎兀⺐尢⺒巳⺓幺⺛旡⺜日⺝月⺟母⺠民⺢水⺤爪⺧牛⺩王⺬示⺮竹⺶羊⺷羊⺻聿⺼肉⻁虎⻂衣⻃西⻄西⻅见⻆角⻉贝⻋车⻑长⻒长⻓长⻔门⻖阜⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻮齿⻰龙⻳龟";

/// The character that a radical stands for; any other character is itself.
pub fn radical_to_character(c: char) -> char {
    match c {
        // Kangxi radicals have decompositions.
        '\u{2F00}'..='\u{2FD5}' => std::iter::once(c).nfkc().next().unwrap_or(c),
        '\u{2E80}'..='\u{2EFF}' => {
            let mut pairs = SUPPLEMENT.chars();
            while let (Some(radical), Some(character)) = (pairs.next(), pairs.next()) {
                if radical == c {
                    return character;
                }
            }
            c
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
        assert_eq!(read("一般公共预算"), "一般公共预算");
    }

    #[test]
    fn every_pair_is_a_radical_and_an_ideograph() {
        let characters: Vec<char> = SUPPLEMENT.chars().collect();
        for pair in characters.chunks(2) {
            assert!(matches!(pair, ['\u{2E80}'..='\u{2EFF}', '\u{4E00}'..='\u{9FFF}']), "{pair:?}");
        }
    }
}
