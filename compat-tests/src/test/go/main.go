// The franz-go side of the tests: client BROKER SCENARIO. A scenario that goes wrong ends with an error.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

const records = 300

var codecs = map[string]kgo.CompressionCodec{
	"none":   kgo.NoCompression(),
	"gzip":   kgo.GzipCompression(),
	"snappy": kgo.SnappyCompression(),
	"lz4":    kgo.Lz4Compression(),
	"zstd":   kgo.ZstdCompression(),
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func expect(ok bool, format string, arguments ...any) {
	if !ok {
		check(fmt.Errorf(format, arguments...))
	}
}

func client(broker string, options ...kgo.Opt) *kgo.Client {
	c, err := kgo.NewClient(append(options, kgo.SeedBrokers(broker))...)
	check(err)
	return c
}

func admin(broker string) *kadm.Client {
	return kadm.NewClient(client(broker))
}

func create(ctx context.Context, broker, topic string, partitions int32) {
	a := admin(broker)
	defer a.Close()
	responses, err := a.CreateTopics(ctx, partitions, 1, nil, topic)
	check(err)
	check(responses.Error())
}

func produce(ctx context.Context, c *kgo.Client, topic string, from, to int) {
	for i := from; i < to; i++ {
		r := &kgo.Record{
			Topic:     topic,
			Key:       []byte(fmt.Sprintf("key-%d", i)),
			Value:     []byte(fmt.Sprintf("value-%d", i)),
			Headers:   []kgo.RecordHeader{{Key: "n", Value: []byte(fmt.Sprint(i))}},
			Timestamp: time.UnixMilli(int64(1_700_000_000_000 + i)),
		}
		c.Produce(ctx, r, func(_ *kgo.Record, err error) { check(err) })
	}
	check(c.Flush(ctx))
}

// consume returns the values of as many records as wanted.
func consume(ctx context.Context, c *kgo.Client, wanted int) []string {
	var values []string
	for len(values) < wanted {
		fetches := c.PollRecords(ctx, wanted-len(values))
		for _, failure := range fetches.Errors() {
			check(failure.Err)
		}
		fetches.EachRecord(func(r *kgo.Record) { values = append(values, string(r.Value)) })
	}
	return values
}

func roundTrip(ctx context.Context, broker, codec string) {
	topic := "go-" + codec
	create(ctx, broker, topic, 1)
	p := client(broker, kgo.ProducerBatchCompression(codecs[codec]))
	produce(ctx, p, topic, 0, records)
	p.Close()
	c := client(broker, kgo.ConsumeTopics(topic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	defer c.Close()
	for i, value := range consume(ctx, c, records) {
		expect(value == fmt.Sprintf("value-%d", i), "record %d is %s", i, value)
	}
}

// group reads half, commits, and a second member reads the rest.
func group(ctx context.Context, broker string) {
	create(ctx, broker, "go-group", 1)
	p := client(broker)
	produce(ctx, p, "go-group", 0, records)
	p.Close()
	for half := 0; half < 2; half++ {
		c := client(broker, kgo.ConsumerGroup("go-readers"), kgo.ConsumeTopics("go-group"), kgo.DisableAutoCommit(),
			kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
		values := consume(ctx, c, records/2)
		expect(values[0] == fmt.Sprintf("value-%d", half*records/2), "half %d begins with %s", half, values[0])
		check(c.CommitUncommittedOffsets(ctx))
		c.Close()
	}
	a := admin(broker)
	defer a.Close()
	lag, err := a.Lag(ctx, "go-readers")
	check(err)
	check(lag.Error())
	total := lag["go-readers"].Lag.Total()
	expect(total == 0, "the lag is %d", total)
}

// moves commits in both ways, seeks, pauses, and follows a pattern.
func moves(ctx context.Context, broker string, server bool) {
	topic := "go-moves-classic"
	options := []kgo.Opt{kgo.ConsumeRegex(), kgo.DisableAutoCommit(), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart())}
	if server {
		topic = "go-moves-consumer"
		options = append(options, kgo.Balancers(kgo.StickyBalancer()), kgo.ServerSideBalancer())
	}
	create(ctx, broker, topic, 1)
	p := client(broker)
	produce(ctx, p, topic, 0, records)
	p.Close()
	c := client(broker, append(options, kgo.ConsumerGroup(topic), kgo.ConsumeTopics("^"+topic+".*"))...)
	defer c.Close()
	at := func(offset int64) map[string]map[int32]kgo.EpochOffset {
		return map[string]map[int32]kgo.EpochOffset{topic: {0: {Epoch: -1, Offset: offset}}}
	}
	expect(consume(ctx, c, 1)[0] == "value-0", "the start is elsewhere")
	c.CommitOffsetsSync(ctx, at(7), nil)
	c.CommitOffsets(ctx, at(8), nil)
	c.SetOffsets(at(50))
	expect(consume(ctx, c, 1)[0] == "value-50", "a seek ended elsewhere")
	c.PauseFetchPartitions(map[string][]int32{topic: {0}})
	pause, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
	defer cancel()
	expect(c.PollRecords(pause, 1).NumRecords() == 0, "a paused partition has records")
	c.ResumeFetchPartitions(map[string][]int32{topic: {0}})
	expect(consume(ctx, c, 1)[0] == "value-51", "after the pause it goes on elsewhere")
	a := admin(broker)
	defer a.Close()
	for committed := int64(-1); committed != 8; time.Sleep(100 * time.Millisecond) {
		found, err := a.FetchOffsets(ctx, topic)
		check(err)
		at, _ := found.Lookup(topic, 0)
		committed = at.At
	}
}

func offsets(ctx context.Context, broker string) {
	create(ctx, broker, "go-offsets", 1)
	p := client(broker)
	produce(ctx, p, "go-offsets", 0, records)
	p.Close()
	a := admin(broker)
	defer a.Close()
	found, err := a.ListOffsetsAfterMilli(ctx, 1_700_000_000_100, "go-offsets")
	check(err)
	at, _ := found.Lookup("go-offsets", 0)
	expect(at.Offset == 100, "the offset at the time is %d", at.Offset)
	c := client(broker, kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{"go-offsets": {0: kgo.NewOffset().At(250)}}))
	defer c.Close()
	expect(consume(ctx, c, 1)[0] == "value-250", "a seek ended elsewhere")
	deleted, err := a.DeleteRecords(ctx, kadm.Offsets{"go-offsets": {0: {Topic: "go-offsets", At: 50}}})
	check(err)
	check(deleted.Error())
	starts, err := a.ListStartOffsets(ctx, "go-offsets")
	check(err)
	start, _ := starts.Lookup("go-offsets", 0)
	expect(start.Offset == 50, "the log starts at %d", start.Offset)
}

func administer(ctx context.Context, broker string) {
	a := admin(broker)
	defer a.Close()
	create(ctx, broker, "go-admin", 2)
	more, err := a.UpdatePartitions(ctx, 4, "go-admin")
	check(err)
	check(more.Error())
	value := "7200000"
	altered, err := a.AlterTopicConfigs(ctx, []kadm.AlterConfig{{Op: kadm.SetConfig, Name: "retention.ms", Value: &value}}, "go-admin")
	check(err)
	_, err = altered.On("go-admin", func(r *kadm.AlterConfigsResponse) error { return r.Err })
	check(err)
	for shown := ""; shown != value; time.Sleep(50 * time.Millisecond) {
		configs, err := a.DescribeTopicConfigs(ctx, "go-admin")
		check(err)
		for _, config := range configs[0].Configs {
			if config.Key == "retention.ms" {
				shown = config.MaybeValue()
			}
		}
	}
	topics, err := a.ListTopics(ctx, "go-admin")
	check(err)
	expect(len(topics["go-admin"].Partitions) == 4, "there are %d partitions", len(topics["go-admin"].Partitions))
	gone, err := a.DeleteTopics(ctx, "go-admin")
	check(err)
	check(gone.Error())
	brokers, err := a.ListBrokers(ctx)
	check(err)
	expect(len(brokers) == 1, "there are %d brokers", len(brokers))
}

func transact(ctx context.Context, broker string) {
	create(ctx, broker, "go-transactions", 1)
	p := client(broker, kgo.TransactionalID("go-writer"))
	for round := 0; round < 4; round++ {
		check(p.BeginTransaction())
		produce(ctx, p, "go-transactions", round*10, round*10+10)
		check(p.EndTransaction(ctx, kgo.TransactionEndTry(round%2 == 0)))
	}
	p.Close()
	c := client(broker, kgo.ConsumeTopics("go-transactions"), kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	defer c.Close()
	values := consume(ctx, c, 20)
	expect(values[10] == "value-20", "behind the first transaction comes %s", values[10])
}

func main() {
	broker, scenario := os.Args[1], os.Args[2]
	if scenario == "member" {
		churn(context.Background(), broker, os.Args[3:])
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	switch scenario {
	case "group":
		group(ctx, broker)
	case "moves-classic", "moves-consumer":
		moves(ctx, broker, scenario == "moves-consumer")
	case "offsets":
		offsets(ctx, broker)
	case "administer":
		administer(ctx, broker)
	case "transact":
		transact(ctx, broker)
	default:
		roundTrip(ctx, broker, scenario)
	}
	fmt.Println("ok " + scenario)
}
