// Verse: real text in which position means something.
//
// A regulated Chinese poem is a strict grid: every line has five characters (or seven) and a punctuation mark, two
// lines make a couplet. So the text repeats its rhythm every 6 (or 8) characters, and a model that knows where it is
// can tell what kind of character comes. Nobody needs to read Chinese for it. Any verse with a fixed number of
// characters a line will do, in any language.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include <ordinal/core/scalar.h>

namespace ordinal::demos {

struct Poem {
    std::u32string text;         // the lines one after the other, each with its mark
    Index period = 0;            // characters of a line with its mark; 0: the lines have different lengths
    std::string heading = {};    // its title and its poet, as they are written in the file
};

// What is known of a text before it is read. Another text is another one of these.
struct TextSource {
    std::string name;
    std::string title = {};    // short, for pictures
    std::string file = {};     // or, where it is compiled in:
    const char* text = nullptr;
    Index least_lines = 48;    // of one length; a text with fewer is refused
    bool has_bands = false;    // the claims of the demos are about this text
};
inline const std::string tang_poems_file = "/usr/share/games/fortunes/tang300";    // where fortunes-zh puts them
extern const TextSource tang_poems, few_tang_poems;                                // those; 75 that come with Ordinal

struct Verse {
    TextSource source;
    std::u32string marks;    // each ends a line of verse; U"\n": the lines of the file do
    std::vector<Poem> poems;
    std::vector<Index> periods;    // characters of a line with its mark: the one or two commonest, the main one first

    Index period() const { return periods.front(); }
    std::vector<Poem> with_period(Index period) const;
    // Throws FileError unless there is enough: what was expected, and how many lines of which length were found.
    void require_enough(bool enough, const std::string& expected) const;
};

// Reads a text file in UTF-8. Poems are separated by lines that hold a single '%' (a fortune file) or, where there is
// no such line, by blank lines. Lines that start with the bracket U+300A (a title) or U+4F5C U+8005 (a poet) are the
// heading. Throws FileError: unreadable, too few lines of one length. OptionError: not UTF-8.
Verse read_verse(const TextSource& source);

// The reader's own file (option --corpus); where that is empty, the installed poems or else the few.
Verse load_verse(const std::string& corpus_option, const std::string& installed = tang_poems_file);

// A sentence for runs on another text than the one that the claims are about; else nothing.
std::string about_bands(const Verse& verse);

inline Index couplet_of(Index period) { return 2 * period; }    // two lines
std::string characters_a_line(Index period);                    // 6 -> "five"

// The period when every stretch between marks has the same length, 0 otherwise.
Index period_of(const std::u32string& text, const std::u32string& marks);

// The first poem of the main period for the terminal: a sentence in English on what it is, and some of its couplets.
void print_poem(std::ostream& out, const Verse& verse);

}    // namespace ordinal::demos
